#ifndef C_SIMULATION_H
#define C_SIMULATION_H
#endif
