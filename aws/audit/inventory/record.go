package inventory

import (
	"bytes"
	"encoding/binary"
	"errors"
	"time"

	"bothways/aws/audit/difference"
)

// A record is a row as it lies on the disk: the length of what follows, the key
// with its length, the side, the storage class, which is not compared, and the
// value, which has the same bytes where two versions are alike.

// The bits of a record.
const (
	onB      = 1 << iota // it is side B's
	isMarker             // in the value
	isLatest
)

var errRecord = errors.New("a file of the join is damaged")

// appendRecord writes a row of a side.
func appendRecord(to []byte, row *Row, side byte) []byte {
	start := len(to)
	to = append(to, 0, 0, 0, 0)
	to = appendText(to, row.Key)
	to = append(to, side)
	flags := byte(0)
	if row.Marker {
		flags |= isMarker
	}
	if row.Latest {
		flags |= isLatest
	}
	to = appendText(to, row.Class)
	to = appendText(to, row.VersionID)
	to = append(to, flags)
	to = binary.AppendVarint(to, row.Modified.UnixMilli())
	to = binary.AppendVarint(to, row.Size)
	to = append(to, row.ETag...)
	binary.LittleEndian.PutUint32(to[start:], uint32(len(to)-start-4))
	return to
}

func appendText(to []byte, text string) []byte {
	return append(binary.AppendUvarint(to, uint64(len(text))), text...)
}

// record is one as it lies in memory. Its parts are those of the bytes that it
// was read from.
type record struct {
	key   []byte
	side  byte
	class []byte
	value []byte // all that is compared
}

// readRecord reads the record at the beginning of a text and returns the rest.
func readRecord(from []byte) (r record, rest []byte, err error) {
	if len(from) < 4 {
		return r, nil, errRecord
	}
	n := int(binary.LittleEndian.Uint32(from))
	if n > len(from)-4 {
		return r, nil, errRecord
	}
	body, rest := from[4:4+n], from[4+n:]
	var ok bool
	if r.key, body, ok = readText(body); !ok || len(body) == 0 {
		return r, nil, errRecord
	}
	r.side, body = body[0], body[1:]
	if r.class, r.value, ok = readText(body); !ok {
		return r, nil, errRecord
	}
	return r, rest, nil
}

func readText(from []byte) (text, rest []byte, ok bool) {
	n, used := binary.Uvarint(from)
	if used <= 0 || n > uint64(len(from)-used) {
		return nil, nil, false
	}
	return from[used : used+int(n)], from[used+int(n):], true
}

// fields are the parts of the value.
func (r *record) fields() (e difference.Entry, id, etag []byte, err error) {
	id, rest, ok := readText(r.value)
	if !ok || len(rest) == 0 {
		return e, nil, nil, errRecord
	}
	e.Marker, e.Latest = rest[0]&isMarker != 0, rest[0]&isLatest != 0
	rest = rest[1:]
	modified, used := binary.Varint(rest)
	if used <= 0 {
		return e, nil, nil, errRecord
	}
	rest = rest[used:]
	if e.Size, used = binary.Varint(rest); used <= 0 {
		return e, nil, nil, errRecord
	}
	e.Modified = time.UnixMilli(modified).UTC()
	return e, id, rest[used:], nil
}

// entry is the record as a listing would have it.
func (r *record) entry() (difference.Entry, error) {
	e, id, etag, err := r.fields()
	e.VersionID, e.ETag, e.Class = string(id), string(etag), string(r.class)
	return e, err
}

// compare orders records by key, then side, then value, so that what is alike
// on both sides stands in the same order.
func (r *record) compare(o *record) int {
	if c := bytes.Compare(r.key, o.key); c != 0 {
		return c
	}
	if r.side != o.side {
		return int(r.side) - int(o.side)
	}
	return bytes.Compare(r.value, o.value)
}
