package session

import (
	"os"
	"sync"
	"time"

	"bothways/aws/account"
	"bothways/aws/journal"
	"bothways/aws/pair"
	"bothways/aws/replication/survey"
)

// Recording says where a run's record lies. It is the run's first event, and
// comes once more where the record breaks off. It is for the face alone: no
// journal has it.
type Recording struct {
	RunID string
	Path  string // the journal's file, or "": the run is kept in memory only
	// Err is why there is no journal, or why it is incomplete from here on. The
	// run goes on.
	Err error
}

// EventName implements pair.Event.
func (Recording) EventName() string { return "recording" }

// recorder hands a run's events on: to the journal first, then to the face. It
// may be called from several goroutines, and lets events out one at a time.
type recorder struct {
	journal *journal.Journal
	state   Recording
	face    pair.Emit
	follow  pair.Emit        // hears what either of the two does; nil: nobody
	observe func(pair.Event) // between the two; nil: nobody does

	mu sync.Mutex
}

// record starts the journal of a run. Where that can't be done the run goes on
// without one, and the face is told so.
func (s *Session) record(command string, access account.Access, world survey.World, face pair.Emit) *recorder {
	var notes []string
	endpoint := world.A.Endpoint
	if endpoint == "" {
		endpoint = world.B.Endpoint
	}
	switch {
	case access.Sandbox:
		notes = append(notes, access.Simulation())
	case endpoint != "":
		notes = append(notes, "Measured against "+endpoint+", not against AWS")
	}
	j, err := journal.Create(s.runs, journal.Opening{
		RunID: world.RunID, Version: s.version, Command: command,
		Access: access.Label(), Sandbox: access.Sandbox, Endpoint: endpoint, Notes: notes, StartedAt: time.Now(),
	})
	s.own.add(j.Path())
	r := &recorder{journal: j, face: face, follow: s.follow, state: Recording{RunID: world.RunID, Path: j.Path(), Err: err}}
	r.followed(r.state)
	face(r.state)
	return r
}

func (r *recorder) followed(e pair.Event) {
	if r.follow != nil {
		r.follow(e)
	}
}

// emit records an event and hands it on.
func (r *recorder) emit(e pair.Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.write(e)
	if r.observe != nil {
		r.observe(e)
	}
	r.face(e)
}

// note records what only a later reader of the journal needs.
func (r *recorder) note(e pair.Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.write(e)
}

func (r *recorder) write(e pair.Event) {
	r.followed(e)
	r.broken(r.journal.Record(e))
}

// broken tells that the record breaks off, where err says so for the first time.
func (r *recorder) broken(err error) {
	if err == nil || r.state.Err != nil {
		return
	}
	r.state.Err = err
	r.followed(r.state)
	r.face(r.state)
}

// close ends the journal. What only then turns out not to be written, as on a
// file system of the network, breaks the record off too.
func (r *recorder) close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.broken(r.journal.Close())
}

// discard takes the journal of a run that was refused away: it did nothing.
func (r *recorder) discard() {
	r.close()
	if path := r.journal.Path(); path != "" {
		_ = os.Remove(path) // what stays is a run without a sample
	}
}

// show hands the run on to a face from here on, its recording first.
func (r *recorder) show(face pair.Emit) {
	r.face = face
	face(r.state)
}

// tell hands on what no journal has.
func (r *recorder) tell(e pair.Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.followed(e)
	r.face(e)
}
