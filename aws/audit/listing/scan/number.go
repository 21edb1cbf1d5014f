package scan

import (
	"strconv"
	"time"
)

// instant reads a time as S3 writes it, in milliseconds since 1970.
func instant(text []byte) (int64, bool) {
	const seconds, millis = len("2006-01-02T15:04:05Z"), len("2006-01-02T15:04:05.000Z")
	if (len(text) == seconds || len(text) == millis && text[19] == '.') && text[len(text)-1] == 'Z' &&
		text[4] == '-' && text[7] == '-' && text[10] == 'T' && text[13] == ':' && text[16] == ':' {
		year, ok1 := digits(text[0:4])
		month, ok2 := digits(text[5:7])
		day, ok3 := digits(text[8:10])
		hour, ok4 := digits(text[11:13])
		minute, ok5 := digits(text[14:16])
		second, ok6 := digits(text[17:19])
		milli, ok7 := int64(0), true
		if len(text) == millis {
			milli, ok7 = digits(text[20:23])
		}
		if ok1 && ok2 && ok3 && ok4 && ok5 && ok6 && ok7 && month >= 1 && month <= 12 && day >= 1 && day <= daysOf(year, month) && hour < 24 && minute < 60 && second < 60 {
			return ((daysTo(year, month, day)*24+hour)*60+minute)*60_000 + second*1000 + milli, true
		}
	}
	for _, form := range []string{"2006-01-02T15:04:05.999999999Z", "2006-01-02T15:04:05.999999999", time.RFC3339Nano, time.RFC3339} {
		if t, err := time.Parse(form, string(text)); err == nil {
			return t.UnixMilli(), true
		}
	}
	return 0, false
}

func daysOf(year, month int64) int64 {
	switch {
	case month == 2 && year%4 == 0 && (year%100 != 0 || year%400 == 0):
		return 29
	case month == 2:
		return 28
	case month == 4, month == 6, month == 9, month == 11:
		return 30
	}
	return 31
}

// daysTo is the number of days from 1970 to a date: years that begin in March
// have their leap day at the end.
func daysTo(year, month, day int64) int64 {
	if month <= 2 {
		year--
		month += 12
	}
	return year*365 + year/4 - year/100 + year/400 + (153*(month-3)+2)/5 + day - 1 - 719468
}

func digits(text []byte) (n int64, ok bool) {
	for _, c := range text {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int64(c-'0')
	}
	return n, true
}

// number reads a size.
func number(text []byte) (int64, bool) {
	if n, ok := digits(text); ok && len(text) > 0 && len(text) <= 18 {
		return n, true
	}
	n, err := strconv.ParseInt(string(text), 10, 64)
	return n, err == nil
}

func truth(text []byte) (value, ok bool) {
	switch string(text) {
	case "true":
		return true, true
	case "false":
		return false, true
	}
	value, err := strconv.ParseBool(string(text))
	return value, err == nil
}
