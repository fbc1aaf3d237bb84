package plexytest

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// loadState returns nil when there is no file yet.
func loadState(path string) (*state, error) {
	if path == "" {
		return nil, nil //nolint:nilnil // a new state
	}
	raw, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil //nolint:nilnil // a new state
	}
	if err != nil {
		return nil, fmt.Errorf("plexytest: state file: %w", err)
	}
	var loaded state
	if err := json.Unmarshal(raw, &loaded); err != nil {
		return nil, fmt.Errorf("plexytest: state file %s: %w", path, err)
	}
	if loaded.Version != stateVersion {
		return nil, fmt.Errorf("plexytest: state file %s: version %d, want %d", path, loaded.Version, stateVersion)
	}
	return &loaded, nil
}

// save writes the state file if anything changed since the last time.
func (s *Server) save() error {
	if !s.dirty || s.opt.StateFile == "" {
		return nil
	}
	if err := s.write(s.opt.StateFile); err != nil {
		return err
	}
	s.dirty = false
	return nil
}

// SaveTo writes a state file, for another stand-in to go on from. It is the way
// to write a long history once instead of after each of its steps.
func (s *Server) SaveTo(path string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.advance()
	return s.write(path)
}

func (s *Server) write(path string) error {
	raw, err := json.MarshalIndent(s.state, "", "\t")
	if err != nil {
		return err
	}
	if err := replaceFile(path, raw); err != nil {
		return fmt.Errorf("plexytest: state file: %w", err)
	}
	return nil
}

// replaceFile leaves either the old or the new content, also after a power cut.
func replaceFile(path string, content []byte) (err error) {
	dir := filepath.Dir(path)
	temp, err := os.CreateTemp(dir, filepath.Base(path)+".*.tmp")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(temp.Name())
		}
	}()
	_, err = temp.Write(content)
	if err = errors.Join(err, temp.Sync(), temp.Close()); err != nil {
		return err
	}
	if err = os.Rename(temp.Name(), path); err != nil {
		return err
	}
	// The rename itself is durable only once the folder is synced.
	folder, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
