package store

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"
)

// Upload is a multipart upload that is neither completed nor aborted.
type Upload struct {
	ID        string
	Key       string
	Initiated time.Time
	// Draft holds what CreateMultipartUpload said of the object to be.
	Draft Version
	// ChecksumAsked says that the client chose the checksum; if not, its parts
	// may come with others.
	ChecksumAsked bool
	// Overwrites says that the key had an object when the upload was begun.
	Overwrites bool
	// Said is what CreateMultipartUpload said to the conditions of policies.
	Said  map[string]string
	parts map[int]*UploadPart
}

// UploadPart is one part as uploaded.
type UploadPart struct {
	Number   int
	Body     *Body
	MD5      []byte
	Checksum Checksum // of the upload's algorithm, which joins the parts
	Modified time.Time
}

// Told returns the checksum of a part as S3 sends it: what the client did not
// ask for is kept to join the parts and not sent.
func (u *Upload) Told(p *UploadPart) Checksum {
	if !u.ChecksumAsked {
		return Checksum{}
	}
	return p.Checksum
}

// Begin opens a multipart upload.
func (b *Bucket) Begin(draft Version, checksumAsked bool, said map[string]string) (*Upload, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.gone {
		return nil, ErrNoSuchBucket
	}
	u := &Upload{
		ID: b.store.newID() + b.store.newID(), Key: draft.Key, Initiated: time.Now(),
		Draft: draft, ChecksumAsked: checksumAsked, Said: said, parts: map[int]*UploadPart{},
	}
	if newest := b.group(u.Key).newest(); newest != nil {
		u.Overwrites = !newest.Marker
	}
	b.uploads[u.ID] = u
	b.store.log.Append(entryUpload, uploadRecord{b.Name, *u})
	return u, nil
}

// Upload returns an open upload of a key.
func (b *Bucket) Upload(key, id string) (*Upload, error) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.upload(key, id)
}

func (b *Bucket) upload(key, id string) (*Upload, error) {
	u := b.uploads[id]
	if u == nil || u.Key != key {
		return nil, ErrNoSuchUpload
	}
	return u, nil
}

// AddPart stores a part, in place of one of the same number, and takes over
// the caller's reference to its body.
func (b *Bucket) AddPart(key, id string, p *UploadPart) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	u, err := b.upload(key, id)
	if err != nil {
		p.Body.Release()
		return err
	}
	old := u.parts[p.Number]
	p.Modified = time.Now()
	u.parts[p.Number] = p
	b.persistPart(u, p)
	if old != nil {
		old.Body.Release() // after the log has its successor
	}
	return nil
}

// Parts lists the parts of an upload by number.
func (b *Bucket) Parts(key, id string) ([]*UploadPart, error) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	u, err := b.upload(key, id)
	if err != nil {
		return nil, err
	}
	return slices.SortedFunc(maps.Values(u.parts), func(x, y *UploadPart) int { return x.Number - y.Number }), nil
}

// Complete turns an upload into a version: assemble gets the parts as they
// are and returns the version with a reference to its body, or refuses, which
// leaves the upload open. check and decide are as in Commit, but that check
// knows the upload.
func (b *Bucket) Complete(
	key, id string,
	assemble func(*Upload, map[int]*UploadPart) (*Version, error),
	check func(u *Upload, newest *Version) error, decide func(*Version),
) (*Version, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	u, err := b.upload(key, id)
	if err != nil {
		return nil, err
	}
	unchanged := func(newest *Version) error { return check(u, newest) }
	if check == nil {
		unchanged = nil
	}
	if err := b.group(key).pass(unchanged); err != nil {
		return nil, err
	}
	v, err := assemble(u, u.parts)
	if err != nil {
		return nil, err
	}
	b.push(v, decide)
	b.drop(u)
	if len(b.completed) >= maxCompleted {
		clear(b.completed) // it is about answers lost a moment ago
	}
	if b.completed == nil {
		b.completed = map[string]completion{}
	}
	b.completed[id] = completion{key, v.ID, v.ETag}
	return v, nil
}

// maxCompleted bounds how many completed uploads a bucket remembers.
const maxCompleted = 1000

// completion is what an upload has become.
type completion struct {
	key, versionID, etag string
}

// Completed returns the version that a completed upload has become, while it
// is there.
func (b *Bucket) Completed(key, id string) (*Version, bool) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	done, found := b.completed[id]
	if !found || done.key != key {
		return nil, false
	}
	v, err := b.find(key, done.versionID)
	return v, err == nil && v.ETag == done.etag
}

// Abort drops an upload and its parts.
func (b *Bucket) Abort(key, id string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	u, err := b.upload(key, id)
	if err != nil {
		return err
	}
	b.drop(u)
	return nil
}

// drop forgets an upload. The lock is held.
func (b *Bucket) drop(u *Upload) {
	delete(b.uploads, u.ID)
	b.store.log.Append(entryUploadGone, uploadGoneRecord{b.Name, u.ID})
	u.release()
}

// Uploads lists the open uploads by key, then by start.
func (b *Bucket) Uploads() []*Upload {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return slices.SortedFunc(maps.Values(b.uploads), func(x, y *Upload) int {
		return cmp.Or(strings.Compare(x.Key, y.Key), x.Initiated.Compare(y.Initiated), strings.Compare(x.ID, y.ID))
	})
}

func (u *Upload) release() {
	for _, p := range u.parts {
		p.Body.Release()
	}
	u.parts = nil
}
