package parity

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"bothways/aws/apierror"
	"bothways/aws/pair"
	"bothways/aws/replication/survey"
)

// row is one setting: how it is read, what it means, and how it is written.
type row struct {
	name, title, right string
	// effect completes "after a failover to B, …".
	effect string
	// none are the codes by which S3 says that a bucket has none.
	none []string
	read func(ctx context.Context, at bucket) (any, error)
	// plain takes out of a document what says nothing of how a bucket behaves,
	// such as the IDs of rules; nil: nothing.
	plain func(doc any) any
	// carried is what of a document is for another bucket, too; nil: all.
	carried func(doc any) any
	// ordered are the members whose order means something.
	ordered []string
	// write is how it is put and removed.
	write writing
	// harm is why no line makes another bucket have this document, in words, or
	// ""; nil: none ever does. has is what that bucket has now.
	harm func(doc, has any) string
}

// writing is how a setting is written: the API's operation and the CLI's command
// with its argument, which has the member's document. Without a removal the
// setting is put as empty.
type writing struct {
	call, command, member, argument string
	unset, unsetCommand             string
	empty                           string // the JSON that stands for none, where nothing removes it
}

// bucket is where a setting is read.
type bucket struct {
	client *s3.Client
	name   *string
	owner  *string // nil: not checked
	other  string  // the other side's bucket
}

func (r *row) compare(ctx context.Context, w survey.World, owners map[pair.SideName]string) (Setting, error) {
	s := Setting{Name: r.name, Title: r.title}
	docs := map[pair.SideName]any{}
	for _, side := range pair.Sides() {
		at := bucket{client: w.Clients(side).S3, name: new(w.Pair.Side(side).Bucket), other: w.Pair.Side(side.Other()).Bucket}
		if owner := owners[side]; owner != "" {
			at.owner = &owner
		}
		reading, doc, err := r.reading(ctx, side, at)
		if err != nil {
			return s, err
		}
		docs[side] = doc
		if side == pair.A {
			s.A = reading
		} else {
			s.B = reading
		}
	}
	if !s.A.Read() || !s.B.Read() {
		s.Judgement = Unknown
		return s, nil
	}
	if s.Differences = r.differences(w, owners, docs); len(s.Differences) == 0 {
		s.Judgement = Alike
		return s, nil
	}
	s.Judgement = Differs
	s.Means = "after a failover B would behave differently in this: " + r.effect
	s.LikeA = r.lines(w, owners, docs, pair.A)
	s.LikeB = r.lines(w, owners, docs, pair.B)
	return s, nil
}

// reading reads a setting of one side; doc is it as a tree of JSON.
func (r *row) reading(ctx context.Context, side pair.SideName, at bucket) (Reading, any, error) {
	found, err := r.read(ctx, at)
	switch status := apierror.StatusCode(err); {
	case err == nil:
	case ctx.Err() != nil || apierror.Expired(err):
		return Reading{}, nil, fmt.Errorf("side %s: read the %s: %w", side, r.title, err)
	case slices.Contains(r.none, apierror.Code(err)):
		return Reading{}, nil, nil
	case apierror.Denied(err):
		return Reading{Unread: r.right + " is missing on side " + string(side) + " (" + cmp.Or(apierror.Code(err), "403") + ")"}, nil, nil
	case status == http.StatusNotImplemented || status == http.StatusMethodNotAllowed || status == http.StatusBadRequest:
		return Reading{Unread: "side " + string(side) + " does not know it (" + cmp.Or(apierror.Code(err), http.StatusText(status)) + ")"}, nil, nil
	default:
		return Reading{Unread: "side " + string(side) + " gave no usable answer (" + cmp.Or(apierror.Code(err), "none") + "); it takes " + r.right}, nil, nil
	}
	doc, err := tree(found)
	if err != nil {
		return Reading{Unread: "what side " + string(side) + " has can't be understood: " + err.Error()}, nil, nil
	}
	if doc == nil {
		return Reading{}, nil, nil
	}
	text, err := json.Marshal(doc)
	if err != nil {
		return Reading{}, nil, fmt.Errorf("side %s: the %s: %w", side, r.title, err)
	}
	return Reading{Document: text}, doc, nil
}

// tree is a document of the SDK, or a text of JSON, without the members that are
// not set. nil is no document.
func tree(found any) (any, error) {
	text, is := found.(string)
	if !is {
		encoded, err := json.Marshal(found)
		if err != nil {
			return nil, err
		}
		text = string(encoded)
	}
	if text == "" {
		return nil, nil
	}
	decoder := json.NewDecoder(bytes.NewReader([]byte(text)))
	decoder.UseNumber()
	var doc any
	if err := decoder.Decode(&doc); err != nil {
		return nil, err
	}
	doc = set(doc)
	if members, is := doc.(map[string]any); is && len(members) == 0 {
		return nil, nil
	}
	return doc, nil
}

// set leaves out what is not set.
func set(doc any) any {
	switch d := doc.(type) {
	case map[string]any:
		members := map[string]any{}
		for name, value := range d {
			if value = set(value); value != nil && value != "" {
				members[name] = value
			}
		}
		return members
	case []any:
		items := make([]any, len(d))
		for i, value := range d {
			items[i] = set(value)
		}
		return items
	}
	return doc
}
