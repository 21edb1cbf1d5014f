package wire

import (
	"net/http"

	"bothways/aws/sandbox/refusal"
	"bothways/aws/sandbox/xmltree"
)

// writeXML answers as S3 does; a HEAD gets the status alone.
func writeXML(w http.ResponseWriter, r *http.Request, _ string, e *refusal.Error) {
	if e.Status == http.StatusNotModified {
		w.WriteHeader(e.Status)
		return
	}
	if r.Method == http.MethodHead {
		w.Header().Set("Content-Type", "application/xml")
		w.WriteHeader(e.Status)
		return
	}
	root := xmltree.Of("Error", xmltree.Leaf("Code", e.Code), xmltree.Leaf("Message", e.Message))
	for _, d := range e.Details {
		root.Children = append(root.Children, xmltree.Leaf(d.Name, d.Value))
	}
	root.Children = append(root.Children,
		xmltree.Leaf("RequestId", w.Header().Get("X-Amz-Request-Id")), xmltree.Leaf("HostId", w.Header().Get("X-Amz-Id-2")))
	Send(w, e.Status, "application/xml", root.Bare())
}

// writeWrappedXML answers as S3 Control does, whose clients look for an error
// within another element.
func writeWrappedXML(w http.ResponseWriter, _ *http.Request, _ string, e *refusal.Error) {
	problem := xmltree.Of("Error", xmltree.Leaf("Code", e.Code), xmltree.Leaf("Message", e.Message))
	for _, d := range e.Details {
		problem.Children = append(problem.Children, xmltree.Leaf(d.Name, d.Value))
	}
	Send(w, e.Status, "application/xml", xmltree.Of("ErrorResponse", problem,
		xmltree.Leaf("RequestId", w.Header().Get("X-Amz-Request-Id")), xmltree.Leaf("HostId", w.Header().Get("X-Amz-Id-2"))).In(namespaces["s3control"]))
}

// namespaces are those of the services whose errors are wrapped.
var namespaces = map[string]string{
	"iam":        "https://iam.amazonaws.com/doc/2010-05-08/",
	"sts":        "https://sts.amazonaws.com/doc/2011-06-15/",
	"s3control":  "http://awss3control.amazonaws.com/doc/2018-08-20/",
	"monitoring": "http://monitoring.amazonaws.com/doc/2010-08-01/",
}

func writeQuery(w http.ResponseWriter, _ *http.Request, service string, e *refusal.Error) {
	id := RequestID()
	problem := xmltree.Of("Error", xmltree.Leaf("Type", blame(e.Status)), xmltree.Leaf("Code", e.Code), xmltree.Leaf("Message", e.Message))
	w.Header().Set("X-Amzn-Requestid", id)
	Send(w, e.Status, "text/xml", xmltree.Of("ErrorResponse", problem, xmltree.Leaf("RequestId", id)).In(namespaces[service]))
}
