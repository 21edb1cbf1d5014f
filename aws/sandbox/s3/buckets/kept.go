package buckets

import (
	"crypto/rand"
	"encoding/hex"
	"net/http"
	"slices"
	"strings"

	"bothways/aws/sandbox/refusal"
	"bothways/aws/sandbox/s3/request"
	"bothways/aws/sandbox/store"
	"bothways/aws/sandbox/xmltree"
)

func checkRequestPayment(root *xmltree.Node, _ *store.Bucket) error {
	if payer := root.Value("Payer"); !root.Only(nil, "Payer") || payer != "BucketOwner" && payer != "Requester" {
		return request.MalformedXML()
	}
	return nil
}

func checkAccelerate(root *xmltree.Node, b *store.Bucket) error {
	status := root.Value("Status")
	switch {
	case !root.Only(nil, "Status"), status != "Enabled" && status != "Suspended":
		return request.MalformedXML()
	case strings.Contains(b.Name, "."):
		return request.InvalidRequest("S3 Transfer Acceleration is not supported for buckets with periods (.) in their names")
	}
	return nil
}

// checkWebsite checks that there is either a redirection of everything or an
// index (S3 API Reference, PutBucketWebsite).
func checkWebsite(root *xmltree.Node, _ *store.Bucket) error {
	if !root.Only(nil, "IndexDocument", "ErrorDocument", "RedirectAllRequestsTo", "RoutingRules") {
		return request.MalformedXML()
	}
	index, all := root.Child("IndexDocument"), root.Child("RedirectAllRequestsTo")
	switch {
	case all != nil && len(root.Children) > 1:
		return request.InvalidArgument("RedirectAllRequestsTo cannot be provided in conjunction with other Routing Rules.", "RedirectAllRequestsTo", "not null")
	case all != nil && all.Value("HostName") == "":
		return request.MalformedXML()
	case all == nil && index == nil:
		return request.InvalidArgument("A value for IndexDocument Suffix must be provided if RedirectAllRequestsTo is empty", "IndexDocument", "null")
	case index != nil && (index.Value("Suffix") == "" || strings.Contains(index.Value("Suffix"), "/")):
		return request.InvalidArgument("The IndexDocument Suffix is not well formed", "IndexDocument", index.Value("Suffix"))
	}
	return nil
}

func checkLogging(root *xmltree.Node, _ *store.Bucket) error {
	enabled := root.Child("LoggingEnabled")
	if !root.Only(nil, "LoggingEnabled") || !onlyOf(enabled, "TargetBucket", "TargetPrefix", "TargetGrants", "TargetObjectKeyFormat") ||
		enabled != nil && (enabled.Value("TargetBucket") == "" || enabled.Child("TargetPrefix") == nil) {
		return request.MalformedXML()
	}
	return nil
}

// onlyOf is Node.Only for an element that need not be there.
func onlyOf(n *xmltree.Node, names ...string) bool { return n == nil || n.Only(nil, names...) }

// checkLogTarget refuses to log where there is no bucket of the same owner and
// region (S3 API Reference, PutBucketLogging).
func checkLogTarget(c *request.Call, root *xmltree.Node) error {
	enabled := root.Child("LoggingEnabled")
	if enabled == nil {
		return nil
	}
	name := enabled.Value("TargetBucket")
	refused := func(message string) error {
		return refusal.New(http.StatusBadRequest, "InvalidTargetBucketForLogging", message, refusal.With("TargetBucket", name))
	}
	switch to, found := c.Backend.Store.Bucket(name); {
	case !found:
		return refused("The target bucket for logging does not exist")
	case to.Owner != c.Bucket.Owner:
		return refused("The owner for the bucket to be logged and the target bucket must be the same.")
	case to.Region != c.Bucket.Region:
		return refusal.New(http.StatusForbidden, "CrossLocationLoggingProhibited",
			"Cross S3 location logging not allowed.", refusal.With("SourceBucketLocation", c.Bucket.Region), refusal.With("TargetBucketLocation", to.Region))
	}
	return nil
}

// notified are the kinds of events that buckets notify of (S3 User Guide, Event
// notification types and destinations).
var notified = []string{
	"ObjectCreated", "ObjectRemoved", "ObjectRestore", "ReducedRedundancyLostObject", "Replication", "LifecycleExpiration",
	"LifecycleTransition", "IntelligentTiering", "ObjectTagging", "ObjectAcl", "ObjectAnnotation",
}

// checkNotification checks which events go where, and gives an id to what has
// none, as S3 does. Nobody receives them here, for queues, topics and functions
// are no services of the sandbox: the messages go to its log.
func checkNotification(root *xmltree.Node, _ *store.Bucket) error {
	targets := map[string]string{
		"QueueConfiguration": "Queue", "TopicConfiguration": "Topic", "CloudFunctionConfiguration": "CloudFunction", "EventBridgeConfiguration": "",
	}
	var asked []*xmltree.Node
	for _, n := range root.Children {
		target, known := targets[n.Name]
		if !known {
			return request.MalformedXML()
		}
		if target == "" {
			continue
		}
		if !n.Only([]string{"Event"}, "Id", "Filter", target) || len(n.All("Event")) == 0 {
			return request.MalformedXML()
		}
		if !strings.HasPrefix(n.Value(target), "arn:") {
			return request.InvalidArgument("The ARN could not be parsed", target, n.Value(target))
		}
		for _, e := range n.All("Event") {
			kind, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimSpace(e.Text), "s3:"), ":")
			if !slices.Contains(notified, kind) {
				return request.InvalidArgument("The event is not supported for notifications", "Event", e.Text)
			}
		}
		if n.Value("Id") == "" {
			var id [16]byte
			_, _ = rand.Read(id[:]) // never fails
			n.Children = append([]*xmltree.Node{xmltree.Leaf("Id", hex.EncodeToString(id[:]))}, slices.DeleteFunc(n.Children, func(c *xmltree.Node) bool { return c.Name == "Id" })...)
		}
		asked = append(asked, n)
	}
	return checkOverlap(asked)
}
