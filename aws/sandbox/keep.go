package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"

	"bothways/aws/sandbox/iam"
	"bothways/aws/sandbox/state"
	"bothways/aws/sandbox/store"
)

// The kinds of entries that are not the store's.
const (
	keptOperator = "operator"
	keptAccount  = "account"
	keptKMSKey   = "kms-key"
)

// operatorKeys are those that the operator had in the run before.
type operatorKeys struct{ AccessKeyID, SecretAccessKey string }

func openDepot(o Options) (*store.Depot, error) {
	if o.State == "" {
		return store.OpenDepot(o.Dir)
	}
	return store.OpenLastingDepot(filepath.Join(o.State, "bodies"))
}

// restore reads what the run before has kept, if there is anything, and makes
// up the operator's keys otherwise.
func (s *Sandbox) restore() error {
	defer s.options.inventKeys()
	if s.options.State == "" {
		return nil
	}
	log, err := state.Open(s.options.State, s.replay)
	if err != nil {
		return err
	}
	s.state = log
	if err := s.depot.Settle(); err != nil {
		return errors.Join(err, log.Close())
	}
	return nil
}

func (s *Sandbox) replay(kind string, value json.RawMessage) error {
	switch kind {
	case keptOperator:
		var keys operatorKeys
		if err := json.Unmarshal(value, &keys); err != nil {
			return err
		}
		if s.options.AccessKeyID == "" && s.options.SecretAccessKey == "" {
			s.options.AccessKeyID, s.options.SecretAccessKey = keys.AccessKeyID, keys.SecretAccessKey
		}
		return nil
	case keptAccount:
		return s.accounts.Restore(value)
	case keptKMSKey:
		var key keptKey
		if err := json.Unmarshal(value, &key); err != nil {
			return err
		}
		return s.PutKMSKey(KMSKey(key))
	}
	mine, err := s.store.Replay(kind, value)
	if err == nil && !mine {
		err = fmt.Errorf("nobody knows entries of kind %q", kind)
	}
	return err
}

// keep writes down all that is there, has what changes from now on written
// down too, and resumes the replications that were PENDING.
func (s *Sandbox) keep() error {
	if s.state == nil {
		return nil
	}
	err := s.state.Rewrite(func(write func(kind string, value any)) {
		write(keptOperator, operatorKeys{s.options.AccessKeyID, s.options.SecretAccessKey})
		s.writeAccounts(write)
		for _, key := range s.kmsKeys {
			write(keptKMSKey, key)
		}
		s.store.Dump(write)
	})
	if err != nil {
		return err
	}
	s.store.Keep(s.state)
	s.accounts.Watch(func(account iam.Snapshot) { s.state.Append(keptAccount, account) })
	s.store.Pending(s.engine.Resume)
	return nil
}

// keptKey is a KMSKey with its policy, which its JSON form leaves out.
type keptKey struct{ ARN, State, Policy string }

// writeAccounts writes all accounts as they are.
func (s *Sandbox) writeAccounts(write func(kind string, value any)) {
	for _, account := range s.accounts.Snapshots() {
		write(keptAccount, account)
	}
}
