export declare function firstLoad(folder: string): string[];
