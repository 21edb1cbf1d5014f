package inventory

import (
	"encoding/binary"
	"errors"
)

// The directory and the page headers of Parquet are Thrift in its compact form,
// and the library makes room for as many elements of a list as it claims to
// have. So the text is walked over first.

// compact walks over a struct of Thrift's compact form.
type compact struct {
	rest     []byte
	elements int // of lists, so far
}

const (
	mostElements = 1 << 20 // a directory of ten thousand row groups has half of it
	mostNesting  = 16
)

var errCompact = errors.New("its directory is damaged, or larger than what is read")

// compactLength is how long the struct at the beginning of a text is.
func compactLength(text []byte) (int, error) {
	c := compact{rest: text}
	if err := c.fields(0); err != nil {
		return 0, err
	}
	return len(text) - len(c.rest), nil
}

func (c *compact) fields(depth int) error {
	if depth > mostNesting {
		return errCompact
	}
	for {
		head, err := c.octet()
		if err != nil || head == 0 {
			return err
		}
		if head>>4 == 0 { // the number of the field follows
			if _, err := c.number(); err != nil {
				return err
			}
		}
		if kind := head & 15; kind != 1 && kind != 2 { // truths lie in their kind
			if err := c.value(kind, depth); err != nil {
				return err
			}
		}
	}
}

func (c *compact) value(kind byte, depth int) error {
	switch kind {
	case 1, 2, 3:
		return c.skip(1)
	case 4, 5, 6:
		_, err := c.number()
		return err
	case 7:
		return c.skip(8)
	case 8:
		n, err := c.number()
		if err != nil {
			return err
		}
		return c.skip(n)
	case 9, 10:
		return c.list(depth)
	case 12:
		return c.fields(depth + 1)
	}
	return errCompact // of maps Parquet has none
}

func (c *compact) list(depth int) error {
	head, err := c.octet()
	if err != nil {
		return err
	}
	n := uint64(head >> 4)
	if n == 15 {
		if n, err = c.number(); err != nil {
			return err
		}
	}
	if n > uint64(len(c.rest)) || c.elements+int(n) > mostElements || depth > mostNesting {
		return errCompact
	}
	c.elements += int(n)
	for range n {
		if err := c.value(head&15, depth+1); err != nil {
			return err
		}
	}
	return nil
}

func (c *compact) octet() (byte, error) {
	if len(c.rest) == 0 {
		return 0, errCompact
	}
	b := c.rest[0]
	c.rest = c.rest[1:]
	return b, nil
}

func (c *compact) number() (uint64, error) {
	n, used := binary.Uvarint(c.rest)
	if used <= 0 {
		return 0, errCompact
	}
	c.rest = c.rest[used:]
	return n, nil
}

func (c *compact) skip(n uint64) error {
	if n > uint64(len(c.rest)) {
		return errCompact
	}
	c.rest = c.rest[n:]
	return nil
}
