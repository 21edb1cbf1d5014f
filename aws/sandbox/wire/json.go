package wire

import (
	"encoding/binary"
	"encoding/json"
	"net/http"
	"strings"

	"bothways/aws/sandbox/refusal"
)

// body is an error in JSON; no text fails to be written.
func body(fields map[string]string) []byte {
	doc, _ := json.Marshal(fields)
	return doc
}

func writeRESTJSON(w http.ResponseWriter, _ *http.Request, _ string, e *refusal.Error) {
	w.Header().Set("X-Amzn-Errortype", e.Code)
	w.Header().Set("X-Amzn-Requestid", RequestID())
	Send(w, e.Status, "application/json", body(map[string]string{"message": e.Message}))
}

// shape returns the name of an error's shape. Newer protocols have it besides
// the code of Query, which they tell in a header.
func shape(w http.ResponseWriter, e *refusal.Error) string {
	w.Header().Set("X-Amzn-Requestid", RequestID())
	w.Header().Set("X-Amzn-Query-Error", e.Code+";"+blame(e.Status))
	name := e.Code
	switch {
	case name == "MissingParameter":
		name = "MissingRequiredParameterException"
	case strings.HasPrefix(name, "InvalidParameter"):
		name += "Exception"
	}
	return "com.amazonaws.cloudwatch#" + name
}

func writeJSON(w http.ResponseWriter, _ *http.Request, _ string, e *refusal.Error) {
	Send(w, e.Status, "application/x-amz-json-1.0", body(map[string]string{"__type": shape(w, e), "message": e.Message}))
}

// writeJSON11 is for services without a past: the code is the name of the shape.
func writeJSON11(w http.ResponseWriter, _ *http.Request, _ string, e *refusal.Error) {
	w.Header().Set("X-Amzn-Requestid", RequestID())
	Send(w, e.Status, "application/x-amz-json-1.1", body(map[string]string{"__type": e.Code, "message": e.Message}))
}

func writeCBOR(w http.ResponseWriter, _ *http.Request, _ string, e *refusal.Error) {
	doc := []byte{0xa2} // a map of two pairs
	for _, text := range []string{"__type", shape(w, e), "message", e.Message} {
		doc = binary.BigEndian.AppendUint32(append(doc, 0x7a), uint32(len(text)))
		doc = append(doc, text...)
	}
	w.Header().Set("Smithy-Protocol", "rpc-v2-cbor")
	Send(w, e.Status, "application/cbor", doc)
}
