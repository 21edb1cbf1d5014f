package sandbox

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"

	"bothways/aws/sandbox/account"
	"bothways/aws/sandbox/iam"
	"bothways/aws/sandbox/kms"
	"bothways/aws/sandbox/state"
	"bothways/aws/sandbox/store"
)

// The kinds of entries that are not the store's.
const (
	entryOperator = "operator"
	entryAccount  = "account"
	entryKMSKey   = "kms-key"
	entryRegion   = "region"
)

// operatorKeys are those that the operator had in the run before.
type operatorKeys struct{ AccessKeyID, SecretAccessKey string }

func openBodyStore(o Options) (*store.BodyStore, error) {
	if o.State == "" {
		return store.OpenBodyStore(o.Dir)
	}
	return store.OpenDurableBodyStore(filepath.Join(o.State, "bodies")), nil
}

// KeepAuthority writes what clients have to trust to a file, which leave removes;
// that of a killed run goes at the next start.
func KeepAuthority(certificate []byte) (path string, leave func() error, err error) {
	return store.KeepAuthority("", certificate)
}

// restore reads what the run before has kept, if there is anything, and makes
// up the operator's keys otherwise.
func (s *Sandbox) restore() error {
	defer s.options.generateKeys()
	if s.options.State == "" {
		return nil
	}
	log, err := state.Open(s.options.State, s.replay)
	if err != nil {
		return err
	}
	s.state = log
	aside, unnamed, err := s.bodies.Sweep()
	if err == nil {
		err = s.tellUnnamed(aside, unnamed)
	}
	if err == nil {
		err = s.tellLost(s.store.Lost())
	}
	if err != nil {
		return errors.Join(err, log.Close())
	}
	return nil
}

// tellUnnamed notes that the log has lost lines: those of bodies that are there,
// or all. What is left of both is kept.
func (s *Sandbox) tellUnnamed(aside string, bodies int) error {
	if s.state.Emptied() {
		s.notes = append(s.notes, "the state's file in "+s.options.State+" was empty, as no sandbox leaves it: what it held is not there any more")
	}
	if bodies == 0 {
		return nil
	}
	kept, err := s.state.Keep()
	if err != nil {
		return err
	}
	s.notes = append(s.notes, fmt.Sprintf("files with bytes of objects that the state does not name: %d, put aside in %s; lines of the state's file are lost, and it is kept as it was in %s. "+
		"With a whole one in its place and the files back in bodies, the objects are back", bodies, aside, kept))
	return nil
}

// tellLost notes versions whose bytes are gone, and keeps the log that has them:
// a disk that was not mounted brings both back.
func (s *Sandbox) tellLost(names []string) error {
	if len(names) == 0 {
		return nil
	}
	kept, err := s.state.Keep()
	if err != nil {
		return err
	}
	const most = 20
	for i, name := range names {
		if i == most {
			s.notes = append(s.notes, fmt.Sprintf("and %d more", len(names)-most))
			break
		}
		s.notes = append(s.notes, "missing, since the file with its bytes is gone: "+name)
	}
	s.notes = append(s.notes, "what has them is kept in "+kept+": with their files in place again, and it in the place of the state's file, they are back")
	return nil
}

// Notes are what whoever starts a sandbox with a state should hear of it: what
// was lost, and that there is no room.
func (s *Sandbox) Notes() []string { return s.notes }

func (s *Sandbox) replay(kind string, value json.RawMessage) error {
	switch kind {
	case entryOperator:
		return state.Take(value, func(keys operatorKeys) error {
			if s.options.AccessKeyID == "" && s.options.SecretAccessKey == "" {
				s.options.AccessKeyID, s.options.SecretAccessKey = keys.AccessKeyID, keys.SecretAccessKey
			}
			return nil
		})
	case entryAccount:
		return s.accounts.Restore(value)
	case entryRegion:
		return state.Take(value, func(switching account.Switching) error {
			s.regions.Restore(switching)
			return nil
		})
	case entryKMSKey:
		return state.Take(value, s.keys.Put)
	}
	for _, keeper := range []func(string, json.RawMessage) (bool, error){s.jobs.Replay, s.fis.Replay, s.cloudwatch.Replay} {
		if mine, err := keeper(kind, value); mine {
			return err
		}
	}
	mine, err := s.store.Replay(kind, value)
	if err == nil && !mine {
		err = fmt.Errorf("nobody knows entries of kind %q", kind)
	}
	return err
}

// persist writes down all that is there, has what changes from now on written
// down too, and resumes the replications that were PENDING.
func (s *Sandbox) persist() error {
	if s.state == nil {
		return nil
	}
	full, err := s.state.Rewrite(func(write func(kind string, value any)) {
		write(entryOperator, operatorKeys{s.options.AccessKeyID, s.options.SecretAccessKey})
		s.writeAccounts(write)
		for _, key := range s.keys.All() {
			write(entryKMSKey, key)
		}
		for _, switching := range s.regions.Switchings() {
			write(entryRegion, switching)
		}
		s.store.Dump(write)
		s.jobs.Dump(write)
		s.fis.Dump(write)
		s.cloudwatch.Dump(write)
	})
	if err != nil {
		return err
	}
	if err := s.state.Reserve(s.tellRoom); err != nil {
		s.notes = append(s.notes, fmt.Sprintf("nothing more can be kept until there is room: %v", cmp.Or(full, err)))
	}
	s.store.Persist(s.state)
	s.accounts.Watch(func(account iam.Snapshot) { s.state.Append(entryAccount, account) })
	s.keys.Watch = func(key kms.Key) { s.state.Append(entryKMSKey, key) }
	s.regions.Watch = func(change account.Switching) { s.state.Append(entryRegion, change) }
	s.cloudwatch.Persist(s.state)
	s.fis.Persist(s.state) // first, so that what is paused stays so
	s.store.Pending(s.engine.Resume)
	for _, b := range s.store.Buckets() {
		s.inventory.Resume(b)
	}
	s.jobs.Persist(s.state)
	return nil
}

// writeAccounts writes all accounts as they are.
func (s *Sandbox) writeAccounts(write func(kind string, value any)) {
	for _, account := range s.accounts.Snapshots() {
		write(entryAccount, account)
	}
}
