package s3control

import (
	"strconv"
	"strings"

	"bothways/aws/sandbox/batch"
	"bothways/aws/sandbox/xmltree"
)

const csvFormat = "S3BatchOperations_CSV_20180820"

// readManifest reads where a manifest lies and how it is written.
func readManifest(n *xmltree.Node) (*batch.Manifest, error) {
	spec, at := n.Child("Spec"), n.Child("Location")
	if spec == nil || at == nil || !n.Only(nil, "Spec", "Location") || !spec.Only(nil, "Format", "Fields") ||
		!at.Only(nil, "ObjectArn", "ObjectVersionId", "ETag") {
		return nil, malformed()
	}
	switch format := spec.Value("Format"); format {
	case csvFormat:
	case "S3InventoryReport_CSV_20161130":
		return nil, notHere("manifests of the format " + format + ": it reads " + csvFormat)
	default:
		return nil, invalid("There is no format " + strconv.Quote(format) + " of manifests")
	}
	var fields []string
	for _, member := range spec.Child("Fields").All("member") {
		fields = append(fields, member.Text)
	}
	m := &batch.Manifest{}
	switch strings.Join(fields, ",") {
	case "Bucket,Key":
	case "Bucket,Key,VersionId":
		m.Versions = true
	default:
		// The words are AWS's (S3 User Guide, Troubleshooting S3 Batch Operations).
		return nil, invalid("Required fields are missing in the schema: the fields are Bucket, Key and, where versions are meant, VersionId, not " +
			strings.Join(fields, ", "))
	}
	bucketARN, key, found := strings.Cut(at.Value("ObjectArn"), "/")
	bucket, err := bucketOf(bucketARN)
	if err != nil || !found || key == "" {
		return nil, invalid("Invalid manifest object ARN " + strconv.Quote(at.Value("ObjectArn")))
	}
	m.Object = batch.Object{Bucket: bucket, Key: key, VersionID: at.Value("ObjectVersionId"), ETag: strings.Trim(at.Value("ETag"), `"`)}
	if m.ETag == "" {
		return nil, invalid("A manifest is named with its ETag")
	}
	return m, nil
}

// readReport reads where the report goes.
func readReport(n *xmltree.Node) (batch.Report, error) {
	enabled, err := truth(n, "Enabled", false)
	if err != nil || n.Child("Enabled") == nil || !n.Only(nil, "Bucket", "Format", "Enabled", "Prefix", "ReportScope", "ExpectedBucketOwner") {
		return batch.Report{}, malformed()
	}
	r := batch.Report{Enabled: enabled, Prefix: n.Value("Prefix"), ExpectedOwner: n.Value("ExpectedBucketOwner")}
	if !enabled {
		return r, nil
	}
	if r.Bucket, err = bucketOf(n.Value("Bucket")); err != nil {
		return r, err
	}
	switch scope := n.Value("ReportScope"); {
	case n.Value("Format") != "Report_CSV_20180820":
		return r, invalid("The format of a report is Report_CSV_20180820, not " + strconv.Quote(n.Value("Format")))
	case scope != "AllTasks" && scope != "FailedTasksOnly":
		return r, invalid("The scope of a report is AllTasks or FailedTasksOnly, not " + strconv.Quote(scope))
	case len(r.Prefix) > 512:
		return r, invalid("The prefix of a report has at most 512 characters")
	default:
		r.FailedOnly = scope == "FailedTasksOnly"
	}
	return r, nil
}
