internal import AuraRuntime
