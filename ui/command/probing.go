package command

import (
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"bothways/aws/journal"
	"bothways/aws/pair"
	"bothways/aws/replication"
)

// ownJournals are the files that this process writes: a console that measures
// a pair stops that itself before it takes the pair down.
type ownJournals struct {
	mu    sync.Mutex
	paths map[string]bool
}

func (o *ownJournals) add(path string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.paths == nil {
		o.paths = map[string]bool{}
	}
	o.paths[path] = true
}

func (o *ownJournals) has(path string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.paths[path]
}

// probingError says that a probe of the pair goes on, so that the pair must
// not be changed.
type probingError struct{ run journal.Opening }

func (e *probingError) Error() string {
	return fmt.Sprintf("a probe of this pair is running on this computer (run %s, since %s): wait until it ends, or end it with Ctrl-C where it runs, which removes its objects; then run this again",
		e.run.RunID, e.run.StartedAt.Local().Format(time.DateTime))
}

// probing returns an error where a probe of the plan's pair goes on in another
// process and the plan would change what it measures.
func (a *app) probing(plan replication.Plan) error {
	if !disturbs(plan) {
		return nil
	}
	if run := journal.Probing(journal.Folder(a.process.getenv), plan.Pair, a.own.has); run != nil {
		return &probingError{*run}
	}
	return nil
}

// disturbs says whether a plan changes more than a canary does.
func disturbs(plan replication.Plan) bool {
	for _, step := range plan.Steps {
		switch step.Change {
		case replication.Nothing, replication.Prove, replication.Wait:
		default:
			return true
		}
	}
	return false
}

// changing returns an error where another process changes the pair right now,
// so that a probe would measure something that is neither before nor after.
func (a *app) changing(p pair.Pair) error {
	folder := a.lockFolder()
	found, _ := filepath.Glob(filepath.Join(folder, p.ID()+"-*.lock")) // its only error is a bad pattern
	for _, path := range found {
		if holder, held := journal.HeldBy(folder, strings.TrimSuffix(filepath.Base(path), ".lock")); held {
			return ending{exitFailed, fmt.Errorf("another bothways on this computer (process %d, %s, since %s) is changing this pair right now: probe it when that has ended",
				holder.PID, first(holder.Command, "unknown"), holder.Since.Local().Format(time.DateTime))}
		}
	}
	return nil
}
