package configure

import (
	"context"
	"fmt"
	"sync"

	"github.com/sourcegraph/conc/pool"

	"bothways/aws/apierror"
	"bothways/aws/pair"
	"bothways/aws/policy"
	"bothways/aws/replication/step"
	"bothways/aws/replication/survey"
)

// Left is what stands of the inventories of a pair, read for its removal by names
// and marks alone: the bucket that the lists are of may be gone, and what could
// not be read is said.
type Left struct {
	survey *survey.Survey
	sides  map[pair.SideName]sideLeft
}

type sideLeft struct {
	places []place
	unread []string // what could not be read, and why
}

// place is a bucket for lists; the first of a side has its configuration too.
type place struct {
	found
	beside bool   // ours, beside one that somebody gave
	keeps  string // what lies in it and keeps it
}

// Find reads what stands of the inventories of both sides. given are the buckets
// for lists that somebody gave. What can't be read is no error, unless the context
// ends.
func Find(ctx context.Context, s *survey.Survey, given map[pair.SideName]string) (Left, error) {
	left := Left{survey: s, sides: map[pair.SideName]sideLeft{}}
	var mu sync.Mutex
	group := pool.New()
	for _, name := range pair.Sides() {
		group.Go(func() {
			one := readLeft(ctx, s, name, given[name])
			mu.Lock()
			defer mu.Unlock()
			left.sides[name] = one
		})
	}
	group.Wait()
	return left, ctx.Err()
}

func readLeft(ctx context.Context, s *survey.Survey, name pair.SideName, given string) sideLeft {
	var left sideLeft
	p, made := s.World.Pair, begin(s, name)
	if !s.Sides[name].Absent() {
		var err error
		if made.standing, err = made.read(ctx, p.InventoryID()); err != nil && !apierror.Missing(err) {
			left.unread = append(left.unread, "the inventory "+p.InventoryID()+" of "+made.of.Bucket+" ("+survey.RefusalOf(err)+")")
		}
	}
	first := made
	for _, bucket := range []string{given, destination(made.standing)} {
		if bucket != "" && bucket != made.bucket.Bucket {
			first.bucket.Bucket, first.own = bucket, false
			break
		}
	}
	left.add(ctx, s, place{found: first})
	if !first.own {
		made.standing = nil
		left.add(ctx, s, place{found: made, beside: true})
	}
	return left
}

// add reads the bucket of a place.
func (l *sideLeft) add(ctx context.Context, s *survey.Survey, at place) {
	unread := func(what, why string) { l.unread = append(l.unread, what+" ("+why+")") }
	name := at.bucket.Bucket
	looker := survey.SideReader{S3: at.client, Bucket: &name, Owner: &at.account, Found: &survey.Side{}}
	err := looker.Existence(ctx, at.bucket.Region)
	at.there, at.foreign = looker.Found.Exists, looker.Found.Foreign
	switch {
	case err != nil:
		unread("bucket "+name, survey.RefusalOf(err))
	case at.foreign:
		unread("bucket "+name, "AccessDenied")
	case at.there:
		if err := looker.Tags(ctx); err != nil {
			unread("the tags of "+name, survey.RefusalOf(err))
		}
		for _, what := range looker.Found.Unread {
			l.unread = append(l.unread, what+" of "+name)
		}
		at.ours = at.own && looker.Found.OwnMark == s.World.Pair.ID()
		if err := at.readPolicy(ctx); err != nil {
			unread("the bucket policy of "+name, survey.RefusalOf(err))
		}
		if !at.ours {
			break
		}
		clients := s.World.Clients(at.side)
		if at.keeps, err = at.lie(ctx, clients); err != nil {
			unread("what lies in "+name, survey.RefusalOf(err))
		} else if at.keeps == "" {
			at.keeps = at.older(ctx, clients)
		}
	}
	l.places = append(l.places, at)
}

// Marked says whether anything stands that carries the pair's mark.
func (l Left) Marked() bool {
	for _, side := range l.sides {
		for _, at := range side.places {
			if at.standing != nil || at.ours {
				return true
			}
		}
	}
	return false
}

// Removal takes away what is ours. Lists that were delivered stay, with their bucket.
func (l Left) Removal() []step.Step {
	var steps []step.Step
	for _, name := range pair.Sides() {
		for _, at := range l.sides[name].places {
			steps = append(steps, remover{at, l.survey.World.Pair, l.survey.World.Clients(name)}.removals()...)
		}
	}
	return steps
}

// Findings are what stays after the removal, and what is not known.
func (l Left) Findings() []survey.Finding {
	var all []survey.Finding
	p := l.survey.World.Pair
	for _, name := range pair.Sides() {
		side := l.sides[name]
		note := func(title, meaning string) { all = append(all, finding(survey.Note, name, title, meaning)) }
		for _, at := range side.places {
			bucket := at.bucket.Bucket
			if _, err := policy.TakeApart(at.policy); at.policy != "" && err != nil && (at.ours || !at.own) {
				note("the bucket policy of "+bucket+" can't be understood, and stays", "A statement of ours may be in it, with the Sid "+p.StatementID(statementAbout)+": "+err.Error())
			}
			switch {
			case at.keeps != "":
				note("bucket "+bucket+", for lists of S3 Inventory, stays", fmt.Sprintf("bothways made it; %s", at.keeps))
			case at.own && at.there && !at.foreign && !at.ours && len(side.unread) == 0:
				note("bucket "+bucket+" stays", "It has the name of one that bothways makes for lists, and is not ours: it lacks the tag "+pair.TagKey+"="+p.ID()+".")
			}
		}
		for _, what := range side.unread {
			note("not readable with these credentials: "+what, "Whether bothways inventory left something there is not known. bothways inventory --undo finds it once that can be read.")
		}
	}
	return all
}
