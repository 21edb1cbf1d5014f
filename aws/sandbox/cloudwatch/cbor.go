package cloudwatch

import (
	"encoding/binary"
	"errors"
	"math"
	"time"
)

var errCBOR = errors.New("this is not the CBOR that the protocol has")

// maxNested bounds how deep a value may be nested.
const maxNested = 16

// parseCBOR reads one value (RFC 8949), as far as the protocol has it.
func parseCBOR(doc []byte) (any, error) {
	d := decoder{rest: doc}
	v, err := d.value(0)
	if _, end := v.(stop); err != nil || end || len(d.rest) > 0 {
		return nil, errCBOR
	}
	return v, nil
}

type decoder struct{ rest []byte }

// stop is what ends a value of unknown length.
type stop struct{}

func (d *decoder) take(n uint64) ([]byte, error) {
	if n > uint64(len(d.rest)) {
		return nil, errCBOR
	}
	taken := d.rest[:n]
	d.rest = d.rest[n:]
	return taken, nil
}

// head reads the major type of a value and its argument, which those of
// unknown length, with 31 as info, don't have.
func (d *decoder) head() (major, info byte, argument uint64, err error) {
	first, err := d.take(1)
	if err != nil {
		return 0, 0, 0, err
	}
	major, info = first[0]>>5, first[0]&31
	switch {
	case info < 24:
		return major, info, uint64(info), nil
	case info == 31:
		return major, info, 0, nil
	case info > 27:
		return 0, 0, 0, errCBOR
	}
	raw, err := d.take(1 << (info - 24))
	if err != nil {
		return 0, 0, 0, err
	}
	var wide [8]byte
	copy(wide[8-len(raw):], raw)
	return major, info, binary.BigEndian.Uint64(wide[:]), nil
}

func (d *decoder) value(depth int) (any, error) {
	major, info, n, err := d.head()
	if err != nil || depth > maxNested {
		return nil, errCBOR
	}
	endless := info == 31
	if endless && (major < 2 || major == 6) {
		return nil, errCBOR
	}
	switch major {
	case 0:
		return float64(n), nil
	case 1:
		return -1 - float64(n), nil
	case 2, 3:
		return d.text(n, endless, depth)
	case 4:
		return d.list(n, endless, depth)
	case 5:
		return d.fields(n, endless, depth)
	case 6:
		return d.tagged(n, depth)
	}
	return simple(info, n)
}

func (d *decoder) text(n uint64, endless bool, depth int) (any, error) {
	if !endless {
		taken, err := d.take(n)
		return string(taken), err
	}
	all := ""
	for {
		switch chunk, err := d.value(depth + 1); chunk := chunk.(type) {
		case stop:
			return all, nil
		case string:
			all += chunk
		default:
			return nil, errors.Join(errCBOR, err)
		}
	}
}

func (d *decoder) list(n uint64, endless bool, depth int) (any, error) {
	all := list{}
	for ; endless || n > 0; n-- {
		v, err := d.value(depth + 1)
		_, end := v.(stop)
		switch {
		case end && endless:
			return all, nil
		case err != nil || end:
			return nil, errCBOR
		}
		all = append(all, v)
	}
	return all, nil
}

func (d *decoder) fields(n uint64, endless bool, depth int) (any, error) {
	all := fields{}
	for ; endless || n > 0; n-- {
		name, err := d.value(depth + 1)
		if err != nil {
			return nil, err
		}
		if _, end := name.(stop); end && endless {
			return all, nil
		}
		known, ok := name.(string)
		if !ok {
			return nil, errCBOR
		}
		v, err := d.value(depth + 1)
		if _, end := v.(stop); err != nil || end {
			return nil, errCBOR
		}
		all[known] = v
	}
	return all, nil
}

// tagged reads a time, the only tagged value of the protocol.
func (d *decoder) tagged(tag uint64, depth int) (any, error) {
	v, err := d.value(depth + 1)
	seconds, ok := v.(float64)
	if err != nil || tag != 1 || !ok {
		return nil, errCBOR
	}
	return time.UnixMilli(int64(seconds * 1000)), nil
}

func simple(info byte, n uint64) (any, error) {
	switch info {
	case 20, 21:
		return info == 21, nil
	case 22, 23:
		return nil, nil
	case 26:
		return float64(math.Float32frombits(uint32(n))), nil
	case 27:
		return math.Float64frombits(n), nil
	case 31:
		return stop{}, nil
	}
	return nil, errCBOR
}

// appendCBOR writes a value.
func appendCBOR(b []byte, v any) []byte {
	head := func(major byte, n int) []byte {
		switch {
		case n < 24:
			return append(b, major<<5|byte(n))
		case n < 1<<8:
			return append(b, major<<5|24, byte(n))
		case n < 1<<16:
			return binary.BigEndian.AppendUint16(append(b, major<<5|25), uint16(n))
		}
		return binary.BigEndian.AppendUint32(append(b, major<<5|26), uint32(n))
	}
	switch v := v.(type) {
	case string:
		return append(head(3, len(v)), v...)
	case bool:
		if v {
			return append(b, 0xf5)
		}
		return append(b, 0xf4)
	case int: // none is negative
		return head(0, v)
	case float64:
		return binary.BigEndian.AppendUint64(append(b, 0xfb), math.Float64bits(v))
	case time.Time:
		return binary.BigEndian.AppendUint64(append(b, 0xc1, 0xfb), math.Float64bits(float64(v.UnixMilli())/1000))
	case list:
		b = head(4, len(v))
		for _, element := range v {
			b = appendCBOR(b, element)
		}
	case object:
		b = head(5, len(v))
		for _, f := range v {
			b = appendCBOR(appendCBOR(b, f.name), f.value)
		}
	}
	return b
}
