package buckets

import (
	"bytes"
	"encoding/json"
	"slices"
)

// inOwnOrder is a bucket policy as S3 returns it: the lists of strings in its
// statements are sets, and need not come back in the order in which they were
// written. Here they come back backwards from Z to A; all else stays byte for
// byte.
func inOwnOrder(text []byte) []byte {
	out := bytes.Clone(text)
	decoder := json.NewDecoder(bytes.NewReader(text))
	var open []list
	for {
		from := decoder.InputOffset()
		token, err := decoder.Token()
		if err != nil {
			return out // its end: a policy was checked when it was written
		}
		to := decoder.InputOffset()
		from += int64(len(text[from:to]) - len(bytes.TrimLeft(text[from:to], " \t\r\n,:")))
		switch token {
		case json.Delim('['), json.Delim('{'):
			if len(open) > 0 {
				open[len(open)-1].mixed = true
			}
			open = append(open, list{mixed: token == json.Delim('{')})
		case json.Delim(']'), json.Delim('}'):
			open[len(open)-1].sort(text, out)
			open = open[:len(open)-1]
		default:
			if len(open) > 0 {
				open[len(open)-1].items = append(open[len(open)-1].items, stretch{from, to})
			}
		}
	}
}

// stretch is where in a text something stands.
type stretch struct{ from, to int64 }

// list is one that is being read; mixed says that it holds more than strings,
// or is none.
type list struct {
	items []stretch
	mixed bool
}

// sort writes the list's items into out from Z to A, with what separated them.
func (l list) sort(text, out []byte) {
	if l.mixed || len(l.items) < 2 {
		return
	}
	sorted := slices.Clone(l.items)
	slices.SortFunc(sorted, func(a, b stretch) int { return bytes.Compare(text[b.from:b.to], text[a.from:a.to]) })
	var whole []byte
	for i, item := range sorted {
		if i > 0 {
			whole = append(whole, text[l.items[i-1].to:l.items[i].from]...)
		}
		whole = append(whole, text[item.from:item.to]...)
	}
	copy(out[l.items[0].from:], whole)
}
