package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/argoproj/argo-cd/v3/util/git"
)

// repository answers the generators from a folder, listed by Argo CD's own Git client. The index is elsewhere: the
// folder is left as it is, and what its .gitignore names is in no repository.
type repository struct {
	folder      string
	index       string
	client      git.Client
	newGlobbing bool
}

func openRepository(folder string, newGlobbing bool) (*repository, error) {
	folder, err := filepath.Abs(folder)
	if err != nil {
		return nil, err
	}
	index, err := os.MkdirTemp("", "applicationset-")
	if err != nil {
		return nil, err
	}
	opened := &repository{folder: folder, index: index, newGlobbing: newGlobbing}
	// For the Git client too. Nothing of the user's own settings counts.
	for name, value := range map[string]string{
		"GIT_DIR": index, "GIT_WORK_TREE": folder, "GIT_CONFIG_GLOBAL": os.DevNull, "GIT_CONFIG_NOSYSTEM": "1",
		"HOME": os.DevNull, "XDG_CONFIG_HOME": os.DevNull,
	} {
		if err := os.Setenv(name, value); err != nil {
			return nil, opened.closeAfter(err)
		}
	}
	for _, arguments := range [][]string{{"init", "--quiet"}, {"add", "--all", "."}} {
		command := exec.Command("git", arguments...)
		command.Dir = folder
		if output, err := command.CombinedOutput(); err != nil {
			return nil, opened.closeAfter(fmt.Errorf("git %s: %w: %s", arguments[0], err, output))
		}
	}
	opened.client, err = git.NewClientExt("file://"+folder, folder, git.NopCreds{}, false, false, "", "")
	if err != nil {
		return nil, opened.closeAfter(err)
	}
	return opened, nil
}

func (r *repository) close() { _ = os.RemoveAll(r.index) }

func (r *repository) closeAfter(err error) error {
	r.close()
	return err
}

// GetFiles does what the repo server does once a revision is checked out: see GetGitFiles of its Service.
func (r *repository) GetFiles(_ context.Context, _, _, _, pattern string, _, _ bool) (map[string][]byte, error) {
	if pattern == "" {
		pattern = "."
	}
	names, err := r.client.LsFiles(pattern, r.newGlobbing)
	if err != nil {
		return nil, err
	}
	files := make(map[string][]byte, len(names))
	for _, name := range names {
		content, err := os.ReadFile(filepath.Join(r.folder, name))
		if err != nil {
			return nil, err
		}
		files[name] = content
	}
	return files, nil
}

// GetDirectories does likewise: see GetGitDirectories of its Service. Git keeps no empty folder, so those of files count.
func (r *repository) GetDirectories(_ context.Context, _, _, _ string, _, _ bool) ([]string, error) {
	names, err := r.client.LsFiles(".", false)
	if err != nil {
		return nil, err
	}
	found := map[string]bool{}
	for _, name := range names {
		for folder := filepath.Dir(name); folder != "."; folder = filepath.Dir(folder) {
			if !strings.HasPrefix(folder, ".") && !strings.Contains(folder, "/.") {
				found[folder] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(found)), nil
}
