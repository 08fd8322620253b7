#ifndef AURA_CARGON2_SHIM_H
#define AURA_CARGON2_SHIM_H

#include <argon2.h>

#endif
