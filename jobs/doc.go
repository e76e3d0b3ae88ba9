// Package jobs is what happens by itself: the reactions to facts that the rooms
// have written into the outbox, and the clocks. It is the only user of asynq.
package jobs
