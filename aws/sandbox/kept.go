package sandbox

import (
	"net/http"
	"strings"

	"bothways/aws/sandbox/refusal"
	"bothways/aws/sandbox/state"
)

// ErrUntilRestart marks what Options.OnRoom is told where room alone does not help.
var ErrUntilRestart = state.ErrLasting

func (s *Sandbox) tellRoom(why error) {
	if s.options.OnRoom != nil {
		s.options.OnRoom(why)
	}
}

// kept refuses a request whose change could not be kept, before it changes
// anything, and reads for as long as a change is seen that is not on disk.
func (s *Sandbox) kept(r *http.Request, service string) error {
	if s.state == nil {
		return nil
	}
	if changes(r, service) {
		if s.state.Ready(removes(r)) == nil {
			return nil
		}
	} else if !s.unkept.Load() || s.store.Sync() == nil {
		s.unkept.Store(false)
		return nil
	}
	return refusal.New(http.StatusInternalServerError, "InternalError", "We encountered an internal error. Please try again.")
}

// changes says whether a request may change something that is to be kept.
func changes(r *http.Request, service string) bool {
	if r.Method == http.MethodGet || r.Method == http.MethodHead || r.Method == http.MethodOptions {
		return false
	}
	if known, found := serviceOf(service); found && service != "s3" {
		operation := strings.ToLower(known.operation(r)) // as the client spells it
		for _, reads := range []string{"get", "list", "describe", "simulate", "assumerole", "decode"} {
			if strings.HasPrefix(operation, reads) {
				return false
			}
		}
	}
	return true
}

// removes says whether a request to S3 takes something away.
func removes(r *http.Request) bool {
	return r.Method == http.MethodDelete || r.Method == http.MethodPost && r.URL.Query().Has("delete")
}

// durable lets the answer to a request that may change something wait until
// the change is on disk.
func (s *Sandbox) durable(w http.ResponseWriter, r *http.Request, service string) http.ResponseWriter {
	if s.state == nil || !changes(r, service) {
		return w
	}
	return &durableWriter{ResponseWriter: w, sync: func() error {
		err := s.store.Sync()
		if err != nil {
			s.unkept.Store(true)
		}
		return err
	}}
}

// durableWriter tells a client only what is on disk, or that it can't be.
type durableWriter struct {
	http.ResponseWriter
	sync        func() error
	told, fails bool
}

// WriteHeader implements http.ResponseWriter.
func (w *durableWriter) WriteHeader(status int) {
	if !w.told {
		w.told = true
		if w.sync() != nil {
			w.fails, status = true, http.StatusInternalServerError
			w.Header().Set("Content-Length", "0")
		}
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (w *durableWriter) Write(p []byte) (int, error) {
	if !w.told {
		w.WriteHeader(http.StatusOK)
	}
	if w.fails {
		return len(p), nil
	}
	return w.ResponseWriter.Write(p)
}

// Unwrap lets http.ResponseController find the writer below.
func (w *durableWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
