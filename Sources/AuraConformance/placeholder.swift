internal import AuraEffects
