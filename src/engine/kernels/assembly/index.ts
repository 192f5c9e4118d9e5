export { adam, adamReplay, adamRows } from './adam';
export { addWeightGradient, convolve, convolveScratch, multiply, multiplyScratch, weightGradientScratch } from './gemm';
export { normRelu, normReluGradient } from './norm';
export { multiplyColumns, multiplyRows } from './registers';
export { rankAmongAll } from './rank';
export { addPlaces, addRows, addWeighted, dotDifference, dotRows, sumSegments, takePlaces } from './rows';
export { softmaxGradient } from './softmax';
export { convolveTiles, convolveTilesScratch, weightGradientTiles, weightGradientTilesScratch } from './tiles';
