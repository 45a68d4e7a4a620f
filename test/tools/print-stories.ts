import { printStories } from '../acceptance/run-stories.js';
import { STORIES } from '../acceptance/stories.js';

/** Prints the section of README between `<!-- stories -->` and `<!-- /stories -->`: `node dist/test/tools/print-stories.js`. */
process.stdout.write(printStories(STORIES));
