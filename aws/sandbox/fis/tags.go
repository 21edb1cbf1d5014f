package fis

import (
	"maps"
	"strconv"
	"strings"

	"bothways/aws/sandbox/iam"
)

// tagged is a template or an experiment.
type tagged struct {
	tags map[string]string
	set  func(map[string]string)
}

// tagged finds what an ARN names, for a caller who may.
func (c *call) tagged(action string, said map[string]string) (tagged, error) {
	var found tagged
	for _, t := range c.templates {
		if t.ARN() == c.subject && t.Account == c.account && t.Region == c.region {
			found = tagged{t.Tags, func(tags map[string]string) {
				t.Tags = tags
				c.log.Append(entryTemplate, t)
			}}
		}
	}
	for _, e := range c.experiments {
		if e.ARN() == c.subject && e.Account == c.account && e.Region == c.region {
			found = tagged{e.Tags, func(tags map[string]string) {
				e.Tags = tags
				c.log.Append(entryExperiment, &e.Experiment)
			}}
		}
	}
	keys := having(found.tags)
	maps.Copy(keys, said)
	switch err := c.may(action, keys, c.subject); {
	case err != nil:
		return found, err
	case !strings.HasPrefix(c.subject, "arn:"):
		return found, invalid("The resource ARN " + strconv.Quote(c.subject) + " is none")
	case found.set == nil:
		return found, notFound("Resource with ARN " + c.subject + " not found.")
	}
	return found, nil
}

func tagResource(c *call) (any, error) {
	var in struct {
		Tags map[string]string `json:"tags"`
	}
	unread := c.read(&in)
	of, err := c.tagged("fis:TagResource", requested(in.Tags))
	switch {
	case err != nil:
		return nil, err
	case unread != nil:
		return nil, unread
	case in.Tags == nil:
		return nil, missing("tags")
	}
	all := maps.Clone(of.tags)
	if all == nil {
		all = map[string]string{}
	}
	maps.Copy(all, in.Tags)
	if err := first(checkTags(in.Tags), checkTags(all)); err != nil {
		return nil, err
	}
	of.set(all)
	return struct{}{}, nil
}

// untagResource takes tags away: all of them if no key is given, as tagKeys need
// not be there.
func untagResource(c *call) (any, error) {
	keys := c.query["tagKeys"]
	of, err := c.tagged("fis:UntagResource", map[string]string{"aws:TagKeys": strings.Join(keys, iam.Several)})
	if err != nil {
		return nil, err
	}
	left := map[string]string{}
	if len(keys) > 0 {
		maps.Copy(left, of.tags)
	}
	for _, key := range keys {
		delete(left, key)
	}
	of.set(left)
	return struct{}{}, nil
}

func listTags(c *call) (any, error) {
	of, err := c.tagged("fis:ListTagsForResource", nil)
	if err != nil {
		return nil, err
	}
	tags := of.tags
	if tags == nil {
		tags = map[string]string{}
	}
	return map[string]any{"tags": tags}, nil
}
