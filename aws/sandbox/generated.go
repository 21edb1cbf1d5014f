package sandbox

import (
	"errors"
	"fmt"
	"time"

	"bothways/aws/sandbox/generate"
	"bothways/aws/sandbox/s3/buckets"
	"bothways/aws/sandbox/store"
)

// Generated are buckets full of versions by formula.
type Generated = generate.Set

// ParseGenerated reads a file that says what is to be generated. Errors say where
// in it they are.
func ParseGenerated(file []byte) (*Generated, error) {
	var document generate.Document
	if _, err := decode(file, &document); err != nil {
		return nil, err
	}
	for i, b := range document.Buckets {
		if !buckets.ValidName(b.Name) {
			return nil, fmt.Errorf("buckets, entry %d: no bucket can have the name %q", i+1, b.Name)
		}
	}
	return generate.New(document)
}

// GeneratedHelp says what differences can be planted.
func GeneratedHelp() string { return generate.Help() }

// generate makes the buckets of Options.Generated, with versioning enabled.
func (s *Sandbox) generate() error {
	made := s.options.Generated
	if made == nil {
		return nil
	}
	if s.state != nil {
		return errors.New("generated buckets are not kept: start the sandbox without a state, or without them")
	}
	now := time.Now()
	made.Begin(now)
	for i, wanted := range made.Buckets() {
		b, err := s.store.Create(wanted.Name, wanted.Region, accountID)
		if err != nil {
			return fmt.Errorf("generating bucket %s: %w", wanted.Name, err)
		}
		b.SetBase(made.Base(i))
		made.HardDeleted(i, b.RememberHardDeleted)
		buckets.Equip(b, buckets.Enforced)
		if err := b.SetVersioning(store.Enabled); err != nil {
			return fmt.Errorf("generating bucket %s: %w", wanted.Name, err)
		}
	}
	if s.options.GeneratedTruth == nil {
		return nil
	}
	return made.WriteTruth(s.options.GeneratedTruth, now)
}
