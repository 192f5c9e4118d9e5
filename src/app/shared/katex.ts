/** KaTeX with its style sheet, as one chunk that is loaded with the first formula. */
import 'katex/dist/katex.min.css';

export { render } from 'katex';
