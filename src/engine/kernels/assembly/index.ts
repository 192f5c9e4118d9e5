export { adam } from './adam';
export {
  addOuterProducts,
  convolve,
  convolveScratch,
  convolveWeightGradient,
  multiply,
  multiplyScratch,
  weightGradientScratch,
} from './gemm';
export { normRelu, normReluGradient } from './norm';
export { rankAmongAll } from './rank';
export { addPlaces, addRows, addWeighted, dotDifference, dotRows, sumSegments, takePlaces } from './rows';
export { softmaxGradient } from './softmax';
