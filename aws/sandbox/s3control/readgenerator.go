package s3control

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"bothways/aws/sandbox/batch"
	"bothways/aws/sandbox/storageclass"
	"bothways/aws/sandbox/xmltree"
)

// readGenerator reads which versions of a bucket a job is about.
func readGenerator(n *xmltree.Node) (*batch.Generator, error) {
	of := n.Child("S3JobManifestGenerator")
	if of == nil || len(n.Children) != 1 ||
		!of.Only(nil, "ExpectedBucketOwner", "SourceBucket", "ManifestOutputLocation", "Filter", "EnableManifestOutput") ||
		of.Child("EnableManifestOutput") == nil {
		return nil, malformed()
	}
	g := &batch.Generator{ExpectedOwner: of.Value("ExpectedBucketOwner")}
	var err error
	if g.Bucket, err = bucketOf(of.Value("SourceBucket")); err != nil {
		return nil, err
	}
	writes, err := truth(of, "EnableManifestOutput", false)
	if err != nil {
		return nil, err
	}
	if writes {
		if g.Output, err = readOutput(of.Child("ManifestOutputLocation")); err != nil {
			return nil, err
		}
	}
	if filter := of.Child("Filter"); filter != nil {
		g.Filter, err = readFilter(filter)
	}
	return g, err
}

// readOutput reads where a generated manifest is written.
func readOutput(n *xmltree.Node) (*batch.Output, error) {
	if n == nil {
		return nil, invalid("A manifest that is to be written wants a ManifestOutputLocation")
	}
	if !n.Only(nil, "ExpectedManifestBucketOwner", "Bucket", "ManifestPrefix", "ManifestEncryption", "ManifestFormat") {
		return nil, malformed()
	}
	out := &batch.Output{Prefix: n.Value("ManifestPrefix"), ExpectedOwner: n.Value("ExpectedManifestBucketOwner")}
	var err error
	if out.Bucket, err = bucketOf(n.Value("Bucket")); err != nil {
		return nil, err
	}
	if format := n.Value("ManifestFormat"); format != generatedFormat {
		return nil, invalid("The format of a generated manifest is " + generatedFormat + ", not " + strconv.Quote(format))
	}
	if kms := n.Child("ManifestEncryption").Child("SSE-KMS"); kms != nil {
		out.KMSKey = kms.Value("KeyId")
	}
	return out, nil
}

// statuses are those that a filter can name (S3 API Reference,
// JobManifestGeneratorFilter).
var statuses = []string{"NONE", "FAILED", "COMPLETED", "REPLICA"}

// readFilter reads which versions a generator chooses.
func readFilter(n *xmltree.Node) (f batch.Filter, err error) {
	if !n.Only(nil, "EligibleForReplication", "CreatedAfter", "CreatedBefore", "ObjectReplicationStatuses", "KeyNameConstraint",
		"ObjectSizeGreaterThanBytes", "ObjectSizeLessThanBytes", "MatchAnyStorageClass", "MatchAnyObjectEncryption") {
		return f, malformed()
	}
	if f.Eligible, err = truth(n, "EligibleForReplication", false); err != nil {
		return f, err
	}
	for name, to := range map[string]*time.Time{"CreatedAfter": &f.After, "CreatedBefore": &f.Before} {
		if text := n.Value(name); text != "" {
			if *to, err = time.Parse(time.RFC3339, text); err != nil {
				return f, malformed()
			}
		}
	}
	for name, to := range map[string]**int64{"ObjectSizeGreaterThanBytes": &f.LargerThan, "ObjectSizeLessThanBytes": &f.SmallerThan} {
		if text := n.Value(name); text != "" {
			size, err := strconv.ParseInt(text, 10, 64)
			if err != nil {
				return f, malformed()
			}
			*to = &size
		}
	}
	for _, member := range n.Child("ObjectReplicationStatuses").All("member") {
		if !slices.Contains(statuses, member.Text) {
			return f, invalid("The replication statuses of a filter are " + strings.Join(statuses, ", ") + ", not " + strconv.Quote(member.Text))
		}
		f.Statuses = append(f.Statuses, member.Text)
	}
	for _, member := range n.Child("MatchAnyStorageClass").All("member") {
		if !storageclass.Known(member.Text) {
			return f, invalid("There is no storage class " + strconv.Quote(member.Text))
		}
		f.Classes = append(f.Classes, member.Text)
	}
	if kinds := n.Child("MatchAnyObjectEncryption").All("ObjectEncryption"); len(kinds) > 0 && len(kinds[0].Children) == 1 {
		f.Encryption = kinds[0].Children[0].Name
	}
	names := n.Child("KeyNameConstraint")
	for name, to := range map[string]*string{"MatchAnyPrefix": &f.Prefix, "MatchAnySubstring": &f.Substring, "MatchAnySuffix": &f.Suffix} {
		members := names.Child(name).All("member")
		if len(members) > 1 {
			return f, invalid(name + " takes one text")
		}
		if len(members) == 1 {
			*to = members[0].Text
		}
	}
	return f, nil
}
