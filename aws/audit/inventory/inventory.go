// Package inventory compares both sides by their lists of S3 Inventory instead
// of listing them: it finds the configurations and the lists that were
// delivered, reads them, and joins them on this computer's disk in slices by
// the hash of the key, so that memory stays flat. What differs goes the way of
// every other audit: it is looked at again before it counts, since inventories
// are up to two days old and eventually consistent (S3 User Guide, Amazon S3
// Inventory).
package inventory

import (
	"fmt"
	"strings"
	"time"

	"bothways/aws/audit/difference"
	"bothways/aws/pair"
	"bothways/probe/wording"
)

// Format is how the files of a list are written.
type Format string

// The formats that S3 writes. ORC is not read here.
const (
	CSV     Format = "CSV"
	Parquet Format = "Parquet"
	ORC     Format = "ORC"
)

// Offer is an inventory that a bucket is configured for.
type Offer struct {
	ID string `json:"id"`
	// Bucket and Prefix are where its lists go, in the region of the source.
	Bucket string `json:"bucket"`
	Prefix string `json:"prefix,omitempty"`
	Format Format `json:"format"`
	Weekly bool   `json:"weekly,omitempty"`
	// Status says that its lists have the replication status.
	Status bool `json:"status,omitempty"`
	// Why it can't serve an audit, in words; "": it can.
	Why string `json:"why,omitempty"`
}

// base is where the lists of a source stand.
func (o Offer) base(source string) string {
	prefix := o.Prefix
	if prefix != "" && !strings.HasSuffix(prefix, "/") {
		prefix += "/"
	}
	return prefix + source + "/" + o.ID + "/"
}

// List is one list that was delivered.
type List struct {
	Offer
	Source string `json:"source"` // the bucket that it is a list of
	// Stamp is the folder of the list, At the instant at which its scan began.
	Stamp string    `json:"stamp"`
	At    time.Time `json:"at"`
	// Columns are those of a list in CSV, by their names in its schema.
	Columns []string `json:"-"`
	Files   []File   `json:"-"`
}

// File is one file of a list.
type File struct {
	Key  string
	Size int64  // in bytes, as it is stored
	MD5  string // in hexadecimal digits; "" where the manifest has none
}

// Bytes is what the files of the list take.
func (l List) Bytes() int64 {
	var sum int64
	for _, f := range l.Files {
		sum += f.Size
	}
	return sum
}

// Links is the folder of the list's symlink.txt, as tables of Athena have it.
func (l List) Links() string { return "s3://" + l.Bucket + "/" + l.base(l.Source) + "hive/" }

// Partition is the value of dt under which the list stands in such a table.
func (l List) Partition() string { return l.At.UTC().Format("2006-01-02-15-04") }

// Lists are the lists of both sides that are compared. It is an event too, from
// which an audit that goes on knows them again.
type Lists struct {
	A List `json:"a"`
	B List `json:"b"`
}

// EventName implements pair.Event.
func (Lists) EventName() string { return "inventory_lists" }

// Of is the list of a side.
func (l Lists) Of(side pair.SideName) List {
	if side == pair.A {
		return l.A
	}
	return l.B
}

// Margin is how long before a scan a version must have been written to be
// judged by its list. AWS says that lists may lack what was written lately and
// gives no figure; this one is a choice.
const Margin = time.Hour

// CutOff is the newest time that the lists can be judged by.
func (l Lists) CutOff() time.Time {
	at := l.A.At
	if l.B.At.Before(at) {
		at = l.B.At
	}
	return at.Add(-Margin).UTC().Truncate(time.Second)
}

// Basis is what an audit of the lists goes by.
func (l Lists) Basis() *difference.Lists {
	return &difference.Lists{A: l.A.At.UTC().Truncate(time.Second), B: l.B.At.UTC().Truncate(time.Second)}
}

// apart is from how far apart on the lists are not of one day.
const apart = 24 * time.Hour

// Notes say how far the lists can be trusted, for whoever reads the audit.
func (l Lists) Notes(now time.Time) []string {
	age := func(at time.Time) string {
		if now.Sub(at) < time.Minute {
			return "less than a minute"
		}
		return wording.Duration(now.Sub(at))
	}
	notes := []string{
		fmt.Sprintf("The lists are from %s (A, %s ago) and %s (B, %s ago). Inventories come up to 48 hours late and may lack what was written or deleted shortly before, so what differs is looked at again in the buckets before it counts, and what is newer than %s is counted only.",
			l.A.At.UTC().Format(time.RFC3339), age(l.A.At), l.B.At.UTC().Format(time.RFC3339), age(l.B.At), l.CutOff().Format(time.RFC3339)),
		"What both lists have alike is taken as it was then: what was lost since is not seen.",
	}
	if gap := l.A.At.Sub(l.B.At).Abs(); gap > apart {
		notes = append(notes, fmt.Sprintf("The lists are %s apart; more will differ at first look.", gap.Round(time.Hour)))
	}
	return notes
}
