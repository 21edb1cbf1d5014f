package store

import (
	"encoding/json"
	"errors"
	"fmt"
)

type uploadRecord struct {
	Bucket string
	Upload
}

type partRecord struct {
	Bucket, UploadID string
	UploadPart
	Pieces []pieceRecord
}

type uploadGoneRecord struct{ Bucket, ID string }

func partRecordOf(b *Bucket, u *Upload, p *UploadPart) partRecord {
	r := partRecord{Bucket: b.Name, UploadID: u.ID, UploadPart: *p, Pieces: p.Body.records()}
	r.Body = nil
	return r
}

// persistUpload, persistPart and persistUploadGone write a change down; the lock is
// held.
func (b *Bucket) persistUpload(u *Upload) {
	if b.store.log != nil {
		b.store.log.Append(entryUpload, uploadRecord{b.Name, *u})
	}
}

func (b *Bucket) persistPart(u *Upload, p *UploadPart) {
	if b.store.log != nil {
		b.store.log.Append(entryPart, partRecordOf(b, u, p))
	}
}

func (b *Bucket) persistUploadGone(u *Upload) {
	if b.store.log != nil {
		b.store.log.Append(entryUploadGone, uploadGoneRecord{b.Name, u.ID})
	}
}

// replayUpload takes in an entry about an upload.
func (s *Store) replayUpload(kind string, value json.RawMessage) error {
	switch kind {
	case entryUpload:
		var r uploadRecord
		if err := json.Unmarshal(value, &r); err != nil {
			return err
		}
		b := s.buckets[r.Bucket]
		if b == nil {
			return fmt.Errorf("an upload to bucket %s, which is not there", r.Bucket)
		}
		u := r.Upload
		u.parts = map[int]*UploadPart{}
		b.uploads[u.ID] = &u
		return nil
	case entryPart:
		return s.replayPart(value)
	}
	var r uploadGoneRecord
	if err := json.Unmarshal(value, &r); err != nil {
		return err
	}
	if b := s.buckets[r.Bucket]; b != nil && b.uploads[r.ID] != nil {
		b.drop(b.uploads[r.ID])
	}
	return nil
}

func (s *Store) replayPart(value json.RawMessage) error {
	var r partRecord
	if err := json.Unmarshal(value, &r); err != nil {
		return err
	}
	b := s.buckets[r.Bucket]
	if b == nil || b.uploads[r.UploadID] == nil {
		return fmt.Errorf("a part of upload %s to bucket %s, which is not there", r.UploadID, r.Bucket)
	}
	p := r.UploadPart
	body, err := s.Bodies.adopt(r.Pieces)
	if errors.Is(err, errNoPiece) {
		return nil // replaced or given up, and the crash came before that was written down
	}
	if err != nil {
		return err
	}
	p.Body = body
	parts := b.uploads[r.UploadID].parts
	if old := parts[p.Number]; old != nil {
		old.Body.Release()
	}
	parts[p.Number] = &p
	return nil
}
