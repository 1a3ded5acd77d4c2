package org.bandpass.eval.gauntlet;

import org.bandpass.eval.prompt.Prompt;

/** A row to score, with the category of its task that it belongs to; empty where the task has none. */
record AskedRow(Prompt prompt, String category) {

    RowScore unscored(String error) {
        return RowScore.unscored(prompt.row(), category, error);
    }
}
