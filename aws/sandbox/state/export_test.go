package state

// File is what a log is written to.
type File = file

// Through has a log written through something that stands between it and its file.
func (l *Log) Through(wrap func(File) File) { l.file = wrap(l.file) }
