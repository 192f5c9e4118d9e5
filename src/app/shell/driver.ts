/** driver.js with its style sheet and ours, as one chunk that is loaded with the first tour. */
import 'driver.js/dist/driver.css';
import './tour.css';

export { driver } from 'driver.js';
