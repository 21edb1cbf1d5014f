package inventory

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"bothways/aws/audit"
	"bothways/aws/audit/compare"
	"bothways/aws/audit/difference"
	"bothways/aws/pair"
)

// resplit is into how many files one that is too large for the memory is spread.
const resplit = 64

// slice compares one file of the join: at once where it fits into the budget,
// else in files of its own.
func (j *join) slice(ctx context.Context, name, path string, over uint64) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if info.Size() > j.budget && over < 1<<40 {
		return j.spread(ctx, name, path, over)
	}
	if j.sink.Done(name) {
		return nil
	}
	text, err := os.ReadFile(path) //nolint:gosec // of the own folder
	if err != nil {
		return err
	}
	var records []record
	for len(text) > 0 {
		var r record
		if r, text, err = readRecord(text); err != nil {
			return err
		}
		records = append(records, r)
	}
	slices.SortFunc(records, func(a, b record) int { return a.compare(&b) })
	part := audit.NewPart(name, "", "")
	for from := 0; from < len(records); {
		to := from + 1
		for to < len(records) && bytes.Equal(records[to].key, records[from].key) {
			to++
		}
		if err := j.group(records[from:to], part); err != nil {
			return err
		}
		from = to
	}
	j.sink.Live(part.Counts, part.Candidates())
	return j.sink.Put(ctx, part)
}

// spread compares a file in smaller ones.
func (j *join) spread(ctx context.Context, name, path string, over uint64) error {
	file, err := os.Open(path) //nolint:gosec // of the own folder
	if err != nil {
		return err
	}
	defer file.Close()
	part := func(i int) string { return fmt.Sprintf("%s.%d/%d", name, i, resplit) }
	smaller := newSpill(j.folder, fmt.Sprintf("%d", over)+"-part", over, resplit, func(i int) bool { return false })
	from := bufio.NewReaderSize(file, 1<<16)
	var text []byte
	for {
		var length [4]byte
		if _, err := io.ReadFull(from, length[:]); err != nil {
			if errors.Is(err, io.EOF) {
				break
			}
			return errors.Join(errRecord, err)
		}
		n := int(binary.LittleEndian.Uint32(length[:]))
		text = append(slices.Grow(text[:0], n+4), length[:]...)[:n+4]
		if _, err := io.ReadFull(from, text[4:]); err != nil {
			return errors.Join(errRecord, err)
		}
		r, _, err := readRecord(text)
		if err != nil {
			return err
		}
		if err := smaller.copy(r.key, text); err != nil {
			return err
		}
	}
	if err := smaller.finish(); err != nil {
		return err
	}
	for i := range smaller.files {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := smaller.take(i, func(path string) error { return j.slice(ctx, part(i), path, over*resplit) }); err != nil {
			return err
		}
	}
	return nil
}

// group compares all that both sides have of a key.
func (j *join) group(records []record, part *audit.Part) error {
	alike, err := j.alike(records, &part.Counts)
	if alike || err != nil {
		return err
	}
	var a, b []difference.Entry
	for i := range records {
		e, err := records[i].entry()
		if err != nil {
			return err
		}
		if records[i].side == onB {
			b = append(b, e)
		} else {
			a = append(a, e)
		}
	}
	compare.Group(j.rules, string(records[0].key), a, b, &part.Counts, part.Add)
	return nil
}

// alike passes over a key of which both sides list the same, what nearly every
// key is, and says whether this one was.
func (j *join) alike(records []record, counts *compare.Counts) (bool, error) {
	n := len(records) / 2
	if len(records)%2 != 0 || records[n-1].side == onB || records[n].side != onB {
		return false, nil
	}
	here := compare.Counts{Keys: 1}
	var before []byte
	for i := range n {
		one, other := &records[i], &records[n+i]
		if !bytes.Equal(one.value, other.value) {
			return false, nil
		}
		e, id, _, err := one.fields()
		if err != nil {
			return false, err
		}
		if bytes.Equal(id, before) {
			return false, nil // a list that has a version twice
		}
		before = id
		here.Listed(pair.A, e.Marker, e.Size)
		here.Listed(pair.B, e.Marker, e.Size)
		switch judged, young := j.rules.Judges(e.Modified); {
		case judged:
			here.Same++
			here.SameBytes += e.Size
			if j.rules.Draw != nil && !e.Marker {
				j.rules.Draw.Offer(one.key, id, e.Size)
			}
		case young:
			here.Young++
			here.YoungBytes += e.Size
		}
	}
	counts.Add(here)
	return true, nil
}
