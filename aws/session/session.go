// Package session is what every face of bothways does, once: survey and plan,
// apply, take down, undo, probe, examine. Each of them reaches the sides, takes
// the pair's lock where it changes something, keeps the journal as the first
// reader of the events, runs the engine and sums it up. It knows no screen:
// a face gives a context, and shows the events that come.
//
// What is refused before it begins (a lock that somebody holds, a probe that
// goes on, sides that can't be reached) leaves nothing behind: no journal, and
// no event.
package session

import (
	"context"
	"math/rand/v2"
	"path/filepath"
	"sync"
	"time"

	"bothways/aws/account"
	"bothways/aws/journal"
	"bothways/aws/pair"
	"bothways/aws/replication/survey"
)

// Session is one process's use of the engines. Its methods may be called from
// several goroutines.
type Session struct {
	version string // of bothways, for the journals
	runs    string // the folder of the journals, or ""
	own     ownJournals
	follow  pair.Emit // hears all that runs tell, or nil
}

// New returns a session that keeps its journals in a folder, and its locks
// beside that folder. Without a folder ("") runs go on without both, and say
// so.
func New(version, runs string) *Session { return &Session{version: version, runs: runs} }

// Follow has somebody else hear what all runs tell, before their faces do, and what
// surveys plan. It is called before anything runs, and hears events of several runs
// at a time.
func (s *Session) Follow(told pair.Emit) { s.follow = told }

// followed is a face whose events whoever follows the session hears first.
func (s *Session) followed(face pair.Emit) pair.Emit {
	if s.follow == nil {
		return face
	}
	return func(e pair.Event) {
		s.follow(e)
		face(e)
	}
}

// open reaches both sides. It reads local files only: the first request to AWS
// is the first that the engine makes.
func (s *Session) open(ctx context.Context, access account.Access, p pair.Pair) (survey.World, error) {
	world := survey.World{Pair: p, RunID: journal.NewRunID(time.Now(), rand.Uint64())}
	var err error
	if world.A, err = access.Of(pair.A).Open(ctx, p.A.Region); err != nil {
		return survey.World{}, err
	}
	if world.B, err = access.Of(pair.B).Open(ctx, p.B.Region); err != nil {
		return survey.World{}, err
	}
	return world, nil
}

// locks is the folder of the locks, or "".
func (s *Session) locks() string {
	if s.runs == "" {
		return ""
	}
	return filepath.Join(filepath.Dir(s.runs), "locks")
}

// ownJournals are the files that this process writes. A face that measures a
// pair stops that itself before it takes the pair down, so its own probe is no
// reason to refuse.
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
