package state

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// encode is an entry as a line. Its number in the file shows where one is lost.
func encode(number uint64, kind string, value json.RawMessage) ([]byte, error) {
	line, err := json.Marshal(entry{Number: number, Kind: kind, Value: value})
	return append(line, '\n'), err
}

// Append adds an entry. A failure is reported by Sync and Close.
func (l *Log) Append(kind string, value any) {
	if l == nil {
		return
	}
	encoded, err := json.Marshal(value)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.failed != nil || l.file == nil {
		return
	}
	var line []byte
	if err == nil {
		line, err = encode(l.lines+1, kind, encoded)
	}
	if err != nil {
		l.failed = fmt.Errorf("writing the sandbox's state: %w", err)
		return
	}
	l.count++
	l.lines++
	l.pending = append(l.pending, line...)
	l.write()
}

// write puts what is pending into the file. What there is no room for stays
// pending, without a part of it in the file, and is tried again with the next
// change, so that a sandbox whose disk was full goes on once there is room. Its
// caller holds the lock.
func (l *Log) write() {
	l.try()
	if l.unfit != nil && l.failed == nil && l.yield(l.unfit) {
		l.try()
	}
}

// try writes what is pending once.
func (l *Log) try() {
	n, err := l.file.Write(l.pending)
	if err == nil {
		l.length += int64(n)
		l.pending, l.unfit = l.pending[:0], nil
		return
	}
	l.unfit = fmt.Errorf("writing the sandbox's state: %w", err)
	if n == 0 {
		return
	}
	if err := l.file.Truncate(l.length); err != nil {
		l.failed = errors.Join(l.unfit, err)
	}
}

// retry writes what is pending, where something is.
func (l *Log) retry() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.unfit != nil && l.failed == nil && l.file != nil {
		l.write()
	}
	return errors.Join(l.failed, l.unfit)
}

// Sync returns once all that was appended so far is on disk.
func (l *Log) Sync() error {
	if l == nil {
		return nil
	}
	if err := l.retry(); err != nil {
		return err
	}
	count, _, _ := l.reach()
	l.syncing.Lock()
	defer l.syncing.Unlock()
	if l.synced >= count {
		_, _, failed := l.reach()
		return failed
	}
	count, file, failed := l.reach() // with what others have appended meanwhile
	if failed != nil || file == nil {
		return failed
	}
	if err := file.Sync(); err != nil {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.failed = fmt.Errorf("writing the sandbox's state: %w", err)
		return l.failed
	}
	l.synced = count
	return nil
}

func (l *Log) reach() (count uint64, to file, failed error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.count, l.file, errors.Join(l.failed, l.unfit)
}

// Close ends the log and gives the directory free.
func (l *Log) Close() error {
	if l == nil {
		return nil
	}
	err := l.Sync()
	l.syncing.Lock()
	defer l.syncing.Unlock()
	l.mu.Lock()
	defer l.mu.Unlock()
	failed := []error{err}
	if l.file != nil {
		failed = append(failed, l.file.Close())
		l.file = nil
	}
	if l.room.spare {
		l.room.spare = false
		failed = append(failed, os.Remove(filepath.Join(l.dir, spareName)))
	}
	return errors.Join(append(failed, l.held.Release())...)
}
