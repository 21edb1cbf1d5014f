package wanted

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/policy"
	"bothways/aws/replication/survey"
)

// Difference words what changed from one configuration to another, element by
// element, old -> new: "rule r: Destination.StorageClass GLACIER -> nothing".
func Difference(before, now *types.ReplicationConfiguration) string {
	was, is := map[string]any{}, map[string]any{}
	for _, side := range []struct {
		configuration *types.ReplicationConfiguration
		into          map[string]any
	}{{before, was}, {now, is}} {
		if side.configuration == nil {
			continue
		}
		if role := aws.ToString(side.configuration.Role); role != "" {
			side.into["its role"] = role
		}
		for _, r := range side.configuration.Rules {
			side.into["rule "+aws.ToString(r.ID)] = sent(reflect.ValueOf(plainRule(r)))
		}
	}
	return changedParts(was, is)
}

// PolicyDifference does the same for two policies, statement by statement.
func PolicyDifference(before, now string) string {
	was, is := map[string]any{}, map[string]any{}
	for _, side := range []struct {
		text string
		into map[string]any
	}{{before, was}, {now, is}} {
		parts, err := policy.TakeApart(side.text)
		if err != nil {
			return "it can't be read: " + err.Error()
		}
		for i, statement := range parts.Statements {
			name := policy.Sid(statement)
			if name == "" {
				name = "number " + strconv.Itoa(i+1)
			}
			var members any
			if json.Unmarshal(statement, &members) == nil {
				side.into["statement "+name] = members
			}
		}
	}
	return changedParts(was, is)
}

// changedParts names what is new, what is gone, and in the others each element
// that differs.
func changedParts(was, is map[string]any) string {
	var changes []string
	for _, name := range slices.Sorted(maps.Keys(is)) {
		old, stood := was[name]
		switch {
		case !stood:
			changes = append(changes, name+" is new")
		default:
			changes = append(changes, elements(name+":", old, is[name])...)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(was)) {
		if _, stands := is[name]; !stands {
			changes = append(changes, name+" is gone")
		}
	}
	return survey.Named(changes)
}

// elements words where two trees of members differ. A list is one element: of
// most of S3's and IAM's lists the order says nothing.
func elements(path string, was, is any) []string {
	was, is = one(was), one(is)
	old, wasTree := was.(map[string]any)
	now, isTree := is.(map[string]any)
	if !wasTree && was != nil || !isTree && is != nil || was == nil && is == nil {
		if reflect.DeepEqual(was, is) {
			return nil
		}
		return []string{path + " " + leaf(was) + " -> " + leaf(is)}
	}
	if path[len(path)-1] == ':' {
		path += " "
	} else {
		path += "."
	}
	var changes []string
	names := maps.Clone(old)
	if names == nil {
		names = map[string]any{}
	}
	maps.Copy(names, now)
	for _, name := range slices.Sorted(maps.Keys(names)) {
		changes = append(changes, elements(path+name, old[name], now[name])...)
	}
	return changes
}

// one is the only member of a list: policies may come back with or without it.
func one(value any) any {
	if list, ok := value.([]any); ok && len(list) == 1 {
		return list[0]
	}
	return value
}

func leaf(value any) string {
	switch value := value.(type) {
	case nil:
		return "nothing"
	case string:
		return value
	case map[string]any, []any:
		text, err := json.Marshal(value)
		if err != nil {
			return "something"
		}
		return string(text)
	}
	return fmt.Sprint(value)
}
