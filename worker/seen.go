package worker

import "hash/maphash"

// seenIDs are the ids that a walk met, as 64-bit hashes: a million of them take
// some tens of MB. Two ids that hash alike would make one look like a repeat,
// which at worst lets the walk prove less than it could.
type seenIDs struct {
	seed    maphash.Seed
	last    map[uint64]uint8 // the reading that met it last
	reading uint8            // from one
	met     int              // by this reading
}

func newSeenIDs() seenIDs {
	return seenIDs{seed: maphash.MakeSeed(), last: map[uint64]uint8{}, reading: 1}
}

// meet reports whether the id is new to this reading, and to the whole walk.
func (s *seenIDs) meet(id string) (fresh, first bool) {
	hash := maphash.String(s.seed, id)
	last, known := s.last[hash]
	if known && last == s.reading {
		return false, false
	}
	s.last[hash] = s.reading
	s.met++
	return true, !known
}

func (s *seenIDs) has(id string) bool {
	_, known := s.last[maphash.String(s.seed, id)]
	return known
}

// again begins another reading of the same list.
func (s *seenIDs) again() { s.reading, s.met = s.reading+1, 0 }
