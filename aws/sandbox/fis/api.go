package fis

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"bothways/aws/sandbox/iam"
	"bothways/aws/sandbox/refusal"
	"bothways/aws/sandbox/wire"
)

// call is one request on its way.
type call struct {
	*API
	caller  iam.Principal
	account string // the caller's
	region  string
	subject string // of the path: an id or an ARN
	query   url.Values
	body    []byte
}

// operation is one that is here. do returns what is answered.
type operation struct {
	name string
	do   func(*call) (any, error)
}

// operations are those that are here, by method and path; {} stands for what
// they are about. They are a function so that none of them is initialised
// before what it refers to.
func operations() map[string]operation {
	return map[string]operation{
		"POST experimentTemplates":           {"CreateExperimentTemplate", createTemplate},
		"GET experimentTemplates":            {"ListExperimentTemplates", listTemplates},
		"GET experimentTemplates/{}":         {"GetExperimentTemplate", getTemplate},
		"DELETE experimentTemplates/{}":      {"DeleteExperimentTemplate", deleteTemplate},
		"POST experiments":                   {"StartExperiment", startExperiment},
		"GET experiments":                    {"ListExperiments", listExperiments},
		"GET experiments/{}":                 {"GetExperiment", getExperiment},
		"DELETE experiments/{}":              {"StopExperiment", stopExperiment},
		"GET experiments/{}/resolvedTargets": {"ListExperimentResolvedTargets", listResolvedTargets},
		"GET safetyLevers/{}":                {"GetSafetyLever", getLever},
		"PATCH safetyLevers/{}/state":        {"UpdateSafetyLeverState", updateLever},
		"POST tags/{}":                       {"TagResource", tagResource},
		"DELETE tags/{}":                     {"UntagResource", untagResource},
		"GET tags/{}":                        {"ListTagsForResource", listTags},
	}
}

// route finds the operation of a request and what it is about.
func route(r *http.Request) (o operation, subject string) {
	kind, rest, more := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	row := r.Method + " " + kind
	switch {
	case !more:
	case kind == "tags": // an ARN has slashes
		subject, row = rest, row+"/{}"
	default:
		var last string
		subject, last, more = strings.Cut(rest, "/")
		row += "/{}"
		if more {
			row += "/" + last
		}
	}
	return operations()[row], subject
}

// Operation names the operation of a request, "" if there is none here.
func Operation(r *http.Request) string {
	o, _ := route(r)
	return o.name
}

// Operations names the operations that there are.
func Operations() []string {
	all := operations()
	names := make([]string, 0, len(all))
	for _, o := range all {
		names = append(names, o.name)
	}
	return names
}

// maxBody bounds what is read of a request, in bytes.
const maxBody = 1 << 20

// Serve answers one request of a caller whose signature for a region holds.
// Where it returns an error, nothing has been written.
func (a *API) Serve(w http.ResponseWriter, r *http.Request, caller iam.Principal, region string) error {
	o, subject := route(r)
	if o.do == nil {
		return refusal.New(http.StatusNotImplemented, "NotImplemented",
			"The sandbox's FIS has no operation for "+r.Method+" "+r.URL.Path+".")
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err != nil {
		return invalid("The request can't be read: " + err.Error())
	}
	if len(body) > maxBody {
		return invalid("The request is larger than " + strconv.Itoa(maxBody) + " bytes")
	}
	a.mu.Lock()
	a.forget()
	answer, err := o.do(&call{a, caller, caller.AccountID, region, subject, r.URL.Query(), body})
	var doc []byte
	if err == nil {
		doc, err = json.Marshal(answer)
	}
	a.mu.Unlock()
	if err != nil {
		return err
	}
	w.Header().Set("X-Amzn-Requestid", wire.RequestID())
	wire.Send(w, http.StatusOK, "application/json", doc)
	return nil
}
