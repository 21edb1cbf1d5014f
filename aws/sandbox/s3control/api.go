// Package s3control is the sandbox's S3 Control, as far as the jobs of Batch
// Operations and the tags of buckets go (Amazon S3 API Reference, Actions of
// Amazon S3 Control).
package s3control

import (
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"bothways/aws/sandbox/batch"
	"bothways/aws/sandbox/iam"
	"bothways/aws/sandbox/refusal"
	"bothways/aws/sandbox/sigv4"
	"bothways/aws/sandbox/store"
	"bothways/aws/sandbox/wire"
	"bothways/aws/sandbox/xmltree"
)

// API serves S3 Control in all regions.
type API struct {
	Jobs     *batch.Jobs
	Store    *store.Store
	Accounts *iam.Accounts
}

// call is one request on its way.
type call struct {
	*API
	w       http.ResponseWriter
	r       *http.Request
	caller  iam.Principal
	account string // that the request is about, which is the caller's
	region  string
	body    io.Reader
	subject string // of the path: the id of a job, or the ARN of a resource
}

// operation is one that is here. serve answers; where it returns an error,
// nothing has been written.
type operation struct {
	name  string
	serve func(*call) error
}

// operations are those that are here, by method and path; {} stands for what
// they are about.
var operations = map[string]operation{
	"POST jobs":              {"CreateJob", createJob},
	"GET jobs":               {"ListJobs", listJobs},
	"GET jobs/{}":            {"DescribeJob", describeJob},
	"POST jobs/{}/status":    {"UpdateJobStatus", updateStatus},
	"POST jobs/{}/priority":  {"UpdateJobPriority", updatePriority},
	"GET jobs/{}/tagging":    {"GetJobTagging", getJobTags},
	"PUT jobs/{}/tagging":    {"PutJobTagging", putJobTags},
	"DELETE jobs/{}/tagging": {"DeleteJobTagging", deleteJobTags},
	"POST tags/{}":           {"TagResource", tagResource},
	"DELETE tags/{}":         {"UntagResource", untagResource},
	"GET tags/{}":            {"ListTagsForResource", listTags},
}

const root = "/v20180820/"

// Names says whether a request that is signed for S3 is for S3 Control: by its
// path, and by its host or the account that it names.
func Names(r *http.Request) bool {
	return strings.HasPrefix(r.URL.Path, root) &&
		(r.Header.Get(accountHeader) != "" || hostAccount(r) != "" || strings.Contains(r.Host, "s3-control."))
}

// route finds the operation of a request and what it is about.
func route(r *http.Request) (o operation, subject string) {
	path := strings.TrimPrefix(r.URL.Path, root)
	kind, rest, more := strings.Cut(path, "/")
	row := r.Method + " " + kind
	switch {
	case !more:
	case kind == "tags":
		subject, row = rest, row+"/{}"
	default:
		var last string
		subject, last, more = strings.Cut(rest, "/")
		row += "/{}"
		if more {
			row += "/" + last
		}
	}
	return operations[row], subject
}

// Operation names the operation of a request, "" if there is none here.
func Operation(r *http.Request) string {
	o, _ := route(r)
	return o.name
}

// Operations names the operations that there are.
func Operations() []string {
	var names []string
	for o := range maps.Values(operations) {
		names = append(names, o.name)
	}
	return slices.Clip(names)
}

// Serve answers one request of a caller whose signature holds.
func (a *API) Serve(w http.ResponseWriter, r *http.Request, result *sigv4.Result, caller iam.Principal) error {
	o, subject := route(r)
	if o.serve == nil {
		return refusal.New(http.StatusNotImplemented, "NotImplemented",
			"The sandbox's S3 Control has no operation for "+r.Method+" "+r.URL.Path+".")
	}
	account, err := accountOf(r)
	if err != nil {
		return err
	}
	return o.serve(&call{a, w, r, caller, account, result.Region, result.Body(r.Body), subject})
}

// namespace is that of all documents of S3 Control.
const namespace = "http://awss3control.amazonaws.com/doc/2018-08-20/"

// answer sends a document.
func (c *call) answer(doc *xmltree.Node) error {
	wire.Send(c.w, http.StatusOK, "application/xml", doc.In(namespace))
	return nil
}

// maxDocument bounds what is read of a request, in bytes.
const maxDocument = 1 << 20

// document reads the body of a request, which has that root.
func (c *call) document(root string) (*xmltree.Node, error) {
	text, err := io.ReadAll(io.LimitReader(c.body, maxDocument))
	if err != nil {
		return nil, err
	}
	doc, err := xmltree.Parse(text)
	if err != nil || doc.Name != root {
		return nil, malformed()
	}
	return doc, nil
}

// allowed refuses unless the caller may do an action, with what the request says
// to the conditions of policies.
func (c *call) allowed(action, resource string, said map[string]string) error {
	// A caller has no rights in the jobs of another account.
	if c.account != c.caller.AccountID {
		return denied("")
	}
	if decision := c.Accounts.Authorize(c.caller, action, resource, c.conditions(said)); !decision.Allow {
		return denied(decision.Reason)
	}
	return nil
}

// conditions returns what a request says to the conditions of policies.
func (c *call) conditions(said map[string]string) map[string]string {
	keys := map[string]string{
		"aws:RequestedRegion": c.region, "aws:ResourceAccount": c.account, "s3:ResourceAccount": c.account,
		"s3:authType": "REST-HEADER", "s3:signatureversion": "AWS4-HMAC-SHA256", "aws:SecureTransport": strconv.FormatBool(c.r.TLS != nil),
	}
	maps.Copy(keys, said)
	return keys
}
