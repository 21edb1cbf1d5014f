package parity

import (
	"bytes"
	"encoding/json"

	"bothways/aws/pair"
	"bothways/aws/replication/survey"
)

// lines are what makes the other side like one: what that side has, in the other's
// words.
func (r *row) lines(w survey.World, owners map[pair.SideName]string, docs map[pair.SideName]any, like pair.SideName) []Line {
	side := like.Other()
	doc, has := docs[like], docs[side]
	if doc != nil && r.carried != nil {
		doc = r.carried(copied(doc))
	}
	if doc != nil {
		// A place has no words of its own here, so that what is the other's stays.
		own, other := placeOf(w, owners, like), placeOf(w, owners, side)
		if own.account == other.account {
			own.account, other.account = "", ""
		}
		doc = renamed(doc, own.to(words("this")))
		doc = renamed(doc, other.to(place{own.bucket, own.region, own.account}))
		doc = renamed(doc, words("this").to(other))
	}
	if words := r.harmful(doc, has); words != "" {
		return []Line{{Words: words}}
	}
	return r.write.lines(w, side, doc, has)
}

func (r *row) harmful(doc, has any) string {
	if r.harm == nil {
		return ""
	}
	return r.harm(doc, has)
}

func (t writing) lines(w survey.World, side pair.SideName, doc, has any) []Line {
	name := w.Pair.Side(side).Bucket
	items, several := member(doc, each1).([]any)
	there, also := member(has, each1).([]any)
	switch {
	case several || also:
		return t.each(w, side, name, items, there)
	case doc == nil && t.unset != "":
		return []Line{t.line(w, side, t.unset, t.unsetCommand, map[string]any{"Bucket": name}, []string{"--bucket", name})}
	case doc == nil:
		doc = json.RawMessage(t.empty)
	}
	return []Line{t.put(w, side, name, doc, "")}
}

// each puts what has several documents with IDs, and removes what the other bucket
// has beside them.
func (t writing) each(w survey.World, side pair.SideName, name string, items, there []any) []Line {
	var all []Line
	kept := map[string]bool{}
	for _, item := range items {
		id, _ := member(item, "Id").(string)
		kept[id] = true
		all = append(all, t.put(w, side, name, item, id))
	}
	for _, item := range there {
		if id, _ := member(item, "Id").(string); !kept[id] {
			all = append(all, t.line(w, side, t.unset, t.unsetCommand, map[string]any{"Bucket": name, "Id": id}, []string{"--bucket", name, "--id", id}))
		}
	}
	return all
}

// each1 is the member under which several documents with IDs are kept.
const each1 = "Each"

func (t writing) put(w survey.World, side pair.SideName, name string, doc any, id string) Line {
	input, text := map[string]any{"Bucket": name, t.member: doc}, compact(doc)
	arguments := []string{"--bucket", name}
	if id != "" {
		input["Id"] = id
		arguments = append(arguments, "--id", id)
	}
	if t.member == "Policy" { // it is a text in the API
		input[t.member] = text
	}
	return t.line(w, side, t.call, t.command, input, append(arguments, t.argument, text))
}

func (t writing) line(w survey.World, side pair.SideName, call, command string, input map[string]any, arguments []string) Line {
	return Line{Call: call, Input: json.RawMessage(compact(input)), CLI: w.Clients(side).CLI("s3api", command, arguments...)}
}

// compact is a document as one line, without the escapes that JSON inside HTML
// wants.
func compact(doc any) string {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(doc); err != nil {
		return "{}"
	}
	return string(bytes.TrimSpace(text.Bytes()))
}
