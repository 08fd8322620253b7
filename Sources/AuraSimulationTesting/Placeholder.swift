// Runs tests in simulations.
