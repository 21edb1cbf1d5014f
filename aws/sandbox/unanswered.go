package sandbox

import "net/http"

// begunWriter knows whether an answer was begun. net/http makes an empty 200 of
// none at all, which a client would take for a success.
type begunWriter struct {
	http.ResponseWriter
	begun bool
}

// WriteHeader implements http.ResponseWriter.
func (w *begunWriter) WriteHeader(status int) {
	w.begun = w.begun || status >= http.StatusOK
	w.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (w *begunWriter) Write(p []byte) (int, error) {
	w.begun = true
	return w.ResponseWriter.Write(p)
}

// Unwrap is for http.ResponseController.
func (w *begunWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// ServeHTTP implements http.Handler. A request that gets no answer, as where the
// client seems to be gone, has its connection closed.
func (s *Sandbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	answer := &begunWriter{ResponseWriter: w}
	s.serve(answer, r)
	if !answer.begun {
		panic(http.ErrAbortHandler)
	}
}
