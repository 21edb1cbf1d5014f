package store

import (
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

// persistPart writes a change down; the lock is held.
func (b *Bucket) persistPart(u *Upload, p *UploadPart) {
	if b.store.log != nil {
		b.store.log.Append(entryPart, partRecordOf(b, u, p))
	}
}

func (s *Store) replayUpload(r uploadRecord) error {
	b := s.buckets[r.Bucket]
	if b == nil {
		return fmt.Errorf("an upload to bucket %s, which is not there", r.Bucket)
	}
	r.parts = map[int]*UploadPart{}
	b.uploads[r.ID] = &r.Upload
	return nil
}

func (s *Store) replayUploadGone(r uploadGoneRecord) error {
	if b := s.buckets[r.Bucket]; b != nil && b.uploads[r.ID] != nil {
		b.drop(b.uploads[r.ID])
	}
	return nil
}

func (s *Store) replayPart(r partRecord) error {
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
