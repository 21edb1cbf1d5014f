// Package step is one change of a pair, and the carrying out of many: what a
// reviewer reads of a change, the action that is bound to it when it is planned,
// and the patience with what settles by itself. Each action has a file of its
// own.
package step
