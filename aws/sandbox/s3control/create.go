package s3control

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"bothways/aws/sandbox/batch"
	"bothways/aws/sandbox/iam"
	"bothways/aws/sandbox/store"
	"bothways/aws/sandbox/wire"
	"bothways/aws/sandbox/xmltree"
)

func createJob(c *call) error {
	doc, err := c.document("CreateJobRequest")
	if err != nil {
		return c.first(err)
	}
	operation := operationOf(doc)
	priority, priorityErr := priorityOf(doc.Value("Priority"))
	tags, tagsErr := readTags(doc.Child("Tags"), "member")
	said := map[string]string{"s3:RequestJobOperation": operation, "s3:RequestJobPriority": strconv.Itoa(priority)}
	saidOfTags(said, tags)
	if err := c.allowed("s3:CreateJob", "*", said); err != nil {
		return err
	}
	if len(tags) > 0 {
		if err := c.allowed("s3:PutJobTagging", "arn:aws:s3:"+c.region+":"+c.account+":job/*", said); err != nil {
			return err
		}
	}
	for _, err := range []error{priorityErr, tagsErr, checkJob(doc)} {
		if err != nil {
			return err
		}
	}
	order, err := c.order(doc)
	if err != nil {
		return err
	}
	if operation != "S3ReplicateObject" {
		return notHere("operation " + operation + ": they replicate objects, with S3ReplicateObject")
	}
	if err := c.passes(order.RoleARN); err != nil {
		return err
	}
	id, err := c.Jobs.Create(order, priority, tags)
	if err != nil {
		return refusalOf(err, "")
	}
	wire.Send(c.w, http.StatusOK, "application/xml", xmltree.Of("CreateJobResult", xmltree.Leaf("JobId", id)).In(namespace))
	return nil
}

// first asks whether the caller may create jobs at all before he is told what is
// wrong with his request.
func (c *call) first(err error) error {
	if denied := c.allowed("s3:CreateJob", "*", nil); denied != nil {
		return denied
	}
	return err
}

// operationOf names the operation of a job, "" if there is not exactly one.
func operationOf(doc *xmltree.Node) string {
	if o := doc.Child("Operation"); o != nil && len(o.Children) == 1 {
		return o.Children[0].Name
	}
	return ""
}

func priorityOf(text string) (int, error) {
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil || n < 0 {
		return 0, invalid("The priority of a job is from 0 to 2147483647, not " + strconv.Quote(text))
	}
	return int(n), nil
}

// checkJob holds a request to the schema: what there is, and how often.
func checkJob(doc *xmltree.Node) error {
	known := doc.Only(nil, "ConfirmationRequired", "Operation", "Report", "ClientRequestToken", "Manifest", "Description",
		"Priority", "RoleArn", "Tags", "ManifestGenerator")
	token, description := doc.Value("ClientRequestToken"), doc.Child("Description")
	switch {
	case !known:
		return malformed()
	case operationOf(doc) == "":
		return invalid("A job has exactly one operation")
	case token == "" || utf8.RuneCountInString(token) > 64:
		return invalid("The client request token has 1 to 64 characters")
	case description != nil && (description.Text == "" || utf8.RuneCountInString(description.Text) > 256):
		return invalid("The description of a job has 1 to 256 characters")
	case doc.Child("Report") == nil:
		return invalid("A job wants to know whether it shall write a report")
	case (doc.Child("Manifest") == nil) == (doc.Child("ManifestGenerator") == nil):
		return invalid("A job has either a manifest or a manifest generator")
	}
	return nil
}

// order reads what a job is to do.
func (c *call) order(doc *xmltree.Node) (batch.Order, error) {
	confirm, err := truth(doc, "ConfirmationRequired", true)
	if err != nil {
		return batch.Order{}, err
	}
	o := batch.Order{
		Account: c.account, Region: c.region, Token: doc.Value("ClientRequestToken"), Document: string(doc.In(namespace)),
		RoleARN: doc.Value("RoleArn"), Confirm: confirm,
	}
	if o.Report, err = readReport(doc.Child("Report")); err != nil {
		return o, err
	}
	if m := doc.Child("Manifest"); m != nil {
		o.Manifest, err = readManifest(m)
	} else {
		o.Generator, err = readGenerator(doc.Child("ManifestGenerator"))
	}
	return o, err
}

// truth reads true or false, or takes what holds where there is nothing.
func truth(n *xmltree.Node, name string, otherwise bool) (bool, error) {
	switch text := n.Value(name); {
	case n.Child(name) == nil:
		return otherwise, nil
	case text == "true" || text == "false":
		return text == "true", nil
	}
	return false, malformed()
}

var roleARN = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^arn:[^:]+:iam::(\d{12}):role/.+$`) })

// passes checks that the caller may hand a role to Batch Operations (S3 User
// Guide, Granting permissions for Batch Operations).
func (c *call) passes(role string) error {
	match := roleARN().FindStringSubmatch(role)
	switch {
	case match == nil:
		return invalid("The role of a job has an ARN such as arn:aws:iam::" + c.account + ":role/name, not " + strconv.Quote(role))
	case match[1] != c.account:
		return denied("Cross-account pass role is not allowed")
	}
	passed := map[string]string{"iam:PassedToService": batch.Service}
	return c.allowed("iam:PassRole", role, passed)
}

// bucketOf is the name in the ARN of a bucket.
func bucketOf(arn string) (string, error) {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) != 6 || parts[0] != "arn" || parts[2] != "s3" || parts[3] != "" || parts[4] != "" || parts[5] == "" ||
		strings.Contains(parts[5], "/") {
		return "", invalid("Invalid bucket ARN " + strconv.Quote(arn))
	}
	return parts[5], nil
}

// saidOfTags adds what tags say to the conditions of policies.
func saidOfTags(said map[string]string, tags []store.Tag) {
	if len(tags) == 0 {
		return
	}
	names := make([]string, len(tags))
	for i, tag := range tags {
		names[i] = tag.Key
		said["aws:RequestTag/"+tag.Key] = tag.Value
	}
	said["aws:TagKeys"] = strings.Join(names, iam.Several)
}
