package parity

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"bothways/aws/pair"
	"bothways/aws/replication/survey"
)

// place is what a side calls itself and the other: what is replaced by the same
// word on both sides before documents are compared.
type place struct{ bucket, region, account string }

func placeOf(w survey.World, owners map[pair.SideName]string, side pair.SideName) place {
	at := w.Pair.Side(side)
	return place{at.Bucket, at.Region, owners[side]}
}

// differences are the elements that differ between the sides, where these say
// the same of their own buckets, regions and accounts; a document that reads the
// same on both sides does not differ either, whatever it names.
func (r *row) differences(w survey.World, owners map[pair.SideName]string, docs map[pair.SideName]any) []string {
	a, b := placeOf(w, owners, pair.A), placeOf(w, owners, pair.B)
	plain := func(side pair.SideName) any {
		doc := docs[side]
		if doc != nil && r.plain != nil {
			doc = r.plain(copied(doc))
		}
		return doc
	}
	rawA, rawB := plain(pair.A), plain(pair.B)
	if r.canonical(rawA) == r.canonical(rawB) {
		return nil
	}
	here, there := renamed(rawA, a.to(words("this")), b.to(words("other"))), renamed(rawB, b.to(words("this")), a.to(words("other")))
	if r.canonical(here) == r.canonical(there) {
		return nil
	}
	a.account, b.account = "", "" // one account may be meant on both sides
	here, there = renamed(rawA, a.to(words("this")), b.to(words("other"))), renamed(rawB, b.to(words("this")), a.to(words("other")))
	if r.canonical(here) == r.canonical(there) {
		return nil
	}
	var all []string
	r.differ("", here, there, &all)
	if more := len(all) - mostDifferences; more > 0 {
		all = append(all[:mostDifferences], fmt.Sprintf("and %d more", more))
	}
	return all
}

const (
	mostDifferences = 8
	mostText        = 200 // bytes of an element that is shown
)

func words(which string) place {
	return place{"{" + which + " bucket}", "{" + which + " region}", "{" + which + " account}"}
}

// renaming replaces the names of one place by those of another.
type renaming struct {
	from, to place
	bucket   *regexp.Regexp
	region   *regexp.Regexp
}

func (p place) to(other place) renaming {
	return renaming{
		from: p, to: other,
		// In an ARN, as the host of a website or an endpoint, or by itself.
		bucket: regexp.MustCompile(`(^|:::|//|\.)` + regexp.QuoteMeta(p.bucket) + `($|/|\*|\?|\.s3)`),
		region: regexp.MustCompile(`(^|[^a-z0-9])` + regexp.QuoteMeta(p.region) + `($|[^a-z0-9-])`),
	}
}

func (n renaming) apply(text string) string {
	text = n.bucket.ReplaceAllString(text, "${1}"+escaped(n.to.bucket)+"${2}")
	text = n.region.ReplaceAllString(text, "${1}"+escaped(n.to.region)+"${2}")
	if n.from.account != "" && n.to.account != "" {
		text = strings.ReplaceAll(text, ":"+n.from.account+":", ":"+n.to.account+":")
		if text == n.from.account {
			text = n.to.account
		}
	}
	return text
}

func escaped(text string) string { return strings.ReplaceAll(text, "$", "$$") }

// renamed replaces names in all texts of a document.
func renamed(doc any, names ...renaming) any {
	switch d := doc.(type) {
	case map[string]any:
		members := make(map[string]any, len(d))
		for name, value := range d {
			members[name] = renamed(value, names...)
		}
		return members
	case []any:
		items := make([]any, len(d))
		for i, value := range d {
			items[i] = renamed(value, names...)
		}
		return items
	case string:
		for _, n := range names {
			d = n.apply(d)
		}
		return d
	}
	return doc
}

// copied is a document that can be changed.
func copied(doc any) any { return renamed(doc) }

// canonical is a text that is the same for documents that mean the same: lists are
// sorted unless their order means something.
func (r *row) canonical(doc any) string {
	text, err := json.Marshal(r.sorted("", doc))
	if err != nil {
		return fmt.Sprint(doc)
	}
	return string(text)
}

func (r *row) sorted(name string, doc any) any {
	switch d := doc.(type) {
	case map[string]any:
		members := make(map[string]any, len(d))
		for member, value := range d {
			members[member] = r.sorted(member, value)
		}
		return members
	case []any:
		items := make([]any, len(d))
		for i, value := range d {
			items[i] = r.sorted("", value)
		}
		if !slices.Contains(r.ordered, name) {
			slices.SortFunc(items, func(a, b any) int { return strings.Compare(r.canonical(a), r.canonical(b)) })
		}
		return items
	}
	return doc
}

// differ tells two documents apart, element by element.
func (r *row) differ(path string, a, b any, all *[]string) {
	if r.canonical(a) == r.canonical(b) {
		return
	}
	x, isX := a.(map[string]any)
	y, isY := b.(map[string]any)
	if isX && isY {
		names := map[string]bool{}
		for name := range x {
			names[name] = true
		}
		for name := range y {
			names[name] = true
		}
		for _, name := range slices.Sorted(maps.Keys(names)) {
			r.differ(under(path, name), x[name], y[name], all)
		}
		return
	}
	listX, isX := a.([]any)
	listY, isY := b.([]any)
	if (isX || a == nil) && (isY || b == nil) && (isX || isY) {
		r.onlyIn("A", path, listX, listY, all)
		r.onlyIn("B", path, listY, listX, all)
		if len(*all) == 0 { // the same in another order
			*all = append(*all, path+": in another order")
		}
		return
	}
	where := ""
	if path != "" {
		where = path + ": "
	}
	*all = append(*all, where+"A has "+r.shown(a)+", B has "+r.shown(b))
}

// onlyIn tells what one list has and the other has not.
func (r *row) onlyIn(side, path string, has, other []any, all *[]string) {
	left := map[string]int{}
	for _, item := range other {
		left[r.canonical(item)]++
	}
	for _, item := range has {
		key := r.canonical(item)
		if left[key]--; left[key] < 0 {
			*all = append(*all, "only "+side+" has, in "+path+": "+r.shown(item))
		}
	}
}

func under(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

func (r *row) shown(doc any) string {
	if doc == nil {
		return "none"
	}
	text := r.canonical(doc)
	if len(text) > mostText {
		text = strings.ToValidUTF8(text[:mostText], "") + "…"
	}
	return text
}
