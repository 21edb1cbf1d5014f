// Package replication holds the tests that need the whole of two-way
// replication: a pair is surveyed, planned, applied, proven, examined and taken
// down, through every fault and interruption. The code lies in the rooms below
// it: survey reads what is there, wanted composes what should stand, step is one
// change, doctor says why something does not replicate, and plan orders the
// steps from what is there to what is wanted.
package replication
