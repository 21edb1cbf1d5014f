package inventory

import (
	"bufio"
	"compress/gzip"
	"encoding/hex"
	"fmt"
	"io"
	"strings"

	"bothways/aws/sandbox/store"
)

// shuffled is how many rows are mixed at a time: lists are not sorted.
const shuffled = 4096

// files writes the files of the list, with at least one.
func (l *delivery) files() ([]file, bool) {
	var files []file
	rows := l.scan()
	for number := 0; ; number++ {
		key := fmt.Sprintf("%sdata/%s.csv.gz", l.base(), l.uuid())
		reader, writer := io.Pipe()
		more := make(chan bool, 1)
		go func() {
			left, err := l.write(writer, rows)
			more <- left
			writer.CloseWithError(err)
		}()
		v, written := l.put(key, reader)
		_ = reader.Close() // ends a writer whose rows nobody takes
		left := <-more
		if !written {
			return nil, false
		}
		files = append(files, file{Key: key, Size: v.Size, MD5: v.ETag})
		if !left {
			return files, true
		}
	}
}

// write writes the rows of one file and says whether there are more.
func (l *delivery) write(w io.Writer, rows *scan) (more bool, err error) {
	packed := gzip.NewWriter(w)
	text := bufio.NewWriter(packed)
	for range l.FileRows {
		e, found := rows.next()
		if !found {
			break
		}
		for i, f := range l.fields {
			if i > 0 {
				_ = text.WriteByte(',') // a failure stays until Flush
			}
			_, _ = text.WriteString(`"` + strings.ReplaceAll(f.value(l.from, e), `"`, `""`) + `"`)
		}
		_ = text.WriteByte('\n')
	}
	if err := text.Flush(); err != nil {
		return false, err
	}
	return !rows.ended(), packed.Close()
}

// uuid names a file.
func (l *delivery) uuid() string {
	var raw [16]byte
	for i := range raw {
		raw[i] = byte(l.draw.IntN(256))
	}
	text := hex.EncodeToString(raw[:])
	return text[:8] + "-" + text[8:12] + "-" + text[12:16] + "-" + text[16:20] + "-" + text[20:]
}

// scan goes through the versions of a bucket, some of them mixed at a time.
type scan struct {
	*delivery
	query store.Query
	block []store.Entry
	done  bool // the bucket has no more
}

func (l *delivery) scan() *scan {
	return &scan{delivery: l, query: store.Query{Prefix: l.prefix, Max: shuffled}}
}

func (s *scan) ended() bool {
	for len(s.block) == 0 && !s.done {
		s.fill()
	}
	return len(s.block) == 0
}

func (s *scan) next() (store.Entry, bool) {
	if s.ended() {
		return store.Entry{}, false
	}
	e := s.block[len(s.block)-1]
	s.block = s.block[:len(s.block)-1]
	return e, true
}

func (s *scan) fill() {
	list := s.from.Objects
	if s.all {
		list = s.from.AllVersions
	}
	page := list(s.query)
	for _, e := range page.Entries {
		late := s.Lag > 0 && e.Modified.After(s.at.Add(-s.scaled(s.Lag))) && s.draw.IntN(2) == 0
		if !late && !e.Modified.After(s.at) {
			s.block = append(s.block, e)
		}
	}
	s.draw.Shuffle(len(s.block), func(i, j int) { s.block[i], s.block[j] = s.block[j], s.block[i] })
	s.query.After, s.query.AfterVersion = page.NextKey, page.NextVersion
	if !s.all {
		s.query.AfterVersion = ""
	}
	s.done = !page.Truncated
}
